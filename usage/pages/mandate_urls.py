"""Addresses of acting for others: enterprises, children, parents (M.20)."""

from django.urls import path

from usage.pages.soon import Soon

urlpatterns = [
    path("wallet/people/", Soon.as_view(), name="people"),
    path("wallet/switch/", Soon.as_view(), name="switch"),
]

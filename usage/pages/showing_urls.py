"""Addresses of showing licences (P.2.3.2, P.2.3.3)."""

from django.urls import path

from usage.pages.soon import Soon

urlpatterns = [
    path("wallet/show/", Soon.as_view(), name="show"),
    path("wallet/show/<uuid:key>/", Soon.as_view(), name="screen"),
]

"""Addresses of the holder's wallet (M.20, P.2.3.5)."""

from django.urls import path

from usage.pages.soon import Soon

urlpatterns = [
    path("wallet/", Soon.as_view(), name="wallet"),
    path("wallet/licences/<uuid:key>/", Soon.as_view(), name="card"),
    path("wallet/messages/", Soon.as_view(), name="holder-inbox"),
    path("wallet/mine/", Soon.as_view(), name="mine"),
]

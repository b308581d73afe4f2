"""Addresses of verifiers on duty: at a window, on the street (P.2.3.2, P.2.3.3, M.19)."""

from django.urls import path

from usage.pages.soon import Soon

urlpatterns = [
    path("checks/", Soon.as_view(), name="check"),
    path("checks/results/<uuid:key>/", Soon.as_view(), name="check-result"),
    path("checks/window/", Soon.as_view(), name="window"),
]

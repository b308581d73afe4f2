"""/api/v1/: one include per app that has an interface."""

from django.urls import include, path

urlpatterns = [
    path("exchange/", include("zezhou_portal.exchange.api.urls")),
    path("", include("usage.verifying.api.urls")),
]

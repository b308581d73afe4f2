"""Addresses of presentation licences (P.2.3.2, P.2.3.3)."""

from django.urls import path

from usage.presenting.pages import views as presentation_views

urlpatterns = [
    path("wallet/show/", presentation_views.ShowPage.as_view(), name="show"),
    path("wallet/show/<uuid:key>/", presentation_views.ScreenPage.as_view(), name="screen"),
    path(
        "wallet/show/<uuid:key>/code/", presentation_views.ScreenCode.as_view(), name="screen-code"
    ),
    path(
        "wallet/show/<uuid:key>/status/",
        presentation_views.ScreenStatus.as_view(),
        name="screen-status",
    ),
    path("wallet/show/<uuid:key>/agree/", presentation_views.Agree.as_view(), name="screen-agree"),
    path(
        "wallet/show/<uuid:key>/decline/",
        presentation_views.Decline.as_view(),
        name="screen-decline",
    ),
    path("wallet/show/<uuid:key>/stop/", presentation_views.Stop.as_view(), name="screen-stop"),
    path("wallet/show/<uuid:key>/again/", presentation_views.Again.as_view(), name="screen-again"),
]

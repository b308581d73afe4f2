"""Addresses of showing licences (P.2.3.2, P.2.3.3)."""

from django.urls import path

from usage.presenting.pages import views as showing_views

urlpatterns = [
    path("wallet/show/", showing_views.ShowPage.as_view(), name="show"),
    path("wallet/show/<uuid:key>/", showing_views.ScreenPage.as_view(), name="screen"),
    path("wallet/show/<uuid:key>/code/", showing_views.ScreenCode.as_view(), name="screen-code"),
    path(
        "wallet/show/<uuid:key>/status/",
        showing_views.ScreenStatus.as_view(),
        name="screen-status",
    ),
    path("wallet/show/<uuid:key>/agree/", showing_views.Agree.as_view(), name="screen-agree"),
    path("wallet/show/<uuid:key>/decline/", showing_views.Decline.as_view(), name="screen-decline"),
    path("wallet/show/<uuid:key>/stop/", showing_views.Stop.as_view(), name="screen-stop"),
    path("wallet/show/<uuid:key>/again/", showing_views.Again.as_view(), name="screen-again"),
]

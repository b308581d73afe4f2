"""Routes of the interface of verifications."""

from django.urls import path

from usage.verifying.api import views

app_name = "usage-api"
urlpatterns = [
    path("verifications/", views.VerificationsView.as_view(), name="verifications"),
    path("verifications/<uuid:key>/", views.WaitingView.as_view(), name="waiting"),
    path("outcomes/", views.OutcomesView.as_view(), name="outcomes"),
]

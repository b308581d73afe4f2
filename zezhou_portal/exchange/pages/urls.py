"""Routes of the exchange desk."""

from django.urls import path

from zezhou_portal.exchange.pages import views

app_name = "exchange"

urlpatterns = [
    path("exchange/", views.Messages.as_view(), name="messages"),
    path("exchange/departments/", views.Standings.as_view(), name="standings"),
    path("exchange/<uuid:key>/", views.Message.as_view(), name="message"),
    path("exchange/<uuid:key>/resend/", views.Resend.as_view(), name="resend"),
    path("exchange/<uuid:key>/mend/", views.Mend.as_view(), name="mend"),
]

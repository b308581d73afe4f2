"""Routes of the exchange's interface."""

from django.urls import path

from zezhou_portal.exchange.api import views

app_name = "exchange-api"
urlpatterns = [path("receipts/", views.ReceiptsView.as_view(), name="receipts")]

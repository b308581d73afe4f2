"""Routes of the clocks."""

from django.urls import path

from audit.deadlines.pages import views

app_name = "deadlines"

urlpatterns = [
    path("clocks/", views.Clocks.as_view(), name="clocks"),
    path("clocks/departments/", views.Standings.as_view(), name="standings"),
]

"""Routes of the seals."""

from django.urls import path

from seals.custody.pages import views

app_name = "seals"

urlpatterns = [
    path("seals/", views.Seals.as_view(), name="seals"),
    path("seals/<uuid:key>/impression.png", views.Impression.as_view(), name="impression"),
]

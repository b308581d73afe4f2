"""Addresses of a window that serves people without a phone (P.2.3.2, S.10)."""

from django.urls import path

from usage.window.pages import views

urlpatterns = [
    path("checks/window/", views.WindowPage.as_view(), name="window"),
    path(
        "checks/window/licences/",
        views.WindowLicencesPage.as_view(),
        name="window-licences",
    ),
    path(
        "checks/window/licences/<uuid:key>/",
        views.WindowPrintPage.as_view(),
        name="window-print",
    ),
    path(
        "checks/window/copies/<uuid:key>/",
        views.WindowCopyPage.as_view(),
        name="window-copy",
    ),
    path(
        "checks/window/copies/<uuid:key>/copy.pdf",
        views.WindowCopyFile.as_view(),
        name="window-copy-file",
    ),
]

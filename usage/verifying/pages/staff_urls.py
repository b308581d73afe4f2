"""Addresses of verifiers on duty: at a window, on the street (P.2.3.2, P.2.3.3, M.19)."""

from django.urls import path

from usage.verifying.pages import staff_results, staff_views
from usage.window.pages import views as check_window

urlpatterns = [
    path("checks/", staff_views.ScanPage.as_view(), name="check"),
    path("checks/picture/", staff_views.PicturePage.as_view(), name="check-picture"),
    path("checks/paper/", staff_views.PaperPage.as_view(), name="check-paper"),
    path("checks/mine/", staff_results.MinePage.as_view(), name="check-mine"),
    path("checks/waiting/<uuid:key>/", staff_results.WaitingPage.as_view(), name="check-waiting"),
    path("checks/results/<uuid:key>/", staff_results.ResultPage.as_view(), name="check-result"),
    path("checks/results/<uuid:key>/print/", staff_results.PrintPage.as_view(), name="check-print"),
    path("checks/results/<uuid:key>/day/", staff_results.PastDayPage.as_view(), name="check-day"),
    path("checks/<uuid:key>/rely/", staff_results.RelyPage.as_view(), name="rely"),
    path("checks/window/", check_window.WindowPage.as_view(), name="window"),
    path(
        "checks/window/licences/",
        check_window.WindowLicencesPage.as_view(),
        name="window-licences",
    ),
    path(
        "checks/window/licences/<uuid:key>/",
        check_window.WindowPrintPage.as_view(),
        name="window-print",
    ),
    path(
        "checks/window/copies/<uuid:key>/",
        check_window.WindowCopyPage.as_view(),
        name="window-copy",
    ),
    path(
        "checks/window/copies/<uuid:key>/copy.pdf",
        check_window.WindowCopyFile.as_view(),
        name="window-copy-file",
    ),
]

"""Addresses of verifiers on duty: at a window, on the street (P.2.3.2, P.2.3.3, M.19)."""

from django.urls import path

from usage.verifying.pages import staff_results, staff_views

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
]

"""Addresses of verifying: open to anybody, and those of verifiers on duty (P.2.3.2–4, M.18, M.19).

Codes are printed in capitals, so both spellings lead to the same page.
"""

from django.urls import path

from usage.verifying.pages import files, public, results, staff

_look = public.LicencePage.as_view()
_read = public.ReadPage.as_view()
_copy = public.CopyPage.as_view()

urlpatterns = [
    path("verify/", public.VerifyPage.as_view(), name="verify"),
    path("verify/file/", files.FilePage.as_view(), name="verify-file"),
    path("verify/code/", public.PaperPage.as_view(), name="verify-code"),
    path("verify/waiting/<uuid:key>/", results.WaitingPage.as_view(), name="verify-waiting"),
    path("verify/results/<uuid:key>/", results.ResultPage.as_view(), name="verify-result"),
    path("V/<str:serial>/<str:code>", _look, name="look"),
    path("v/<str:serial>/<str:code>", _look),
    path("V/<str:serial>/<str:code>/", _look),
    path("v/<str:serial>/<str:code>/", _look),
    path("P/<str:secret>", _read, name="read"),
    path("p/<str:secret>", _read),
    path("P/<str:secret>/", _read),
    path("p/<str:secret>/", _read),
    path("C/<str:code>", _copy, name="copy"),
    path("c/<str:code>", _copy),
    path("C/<str:code>/", _copy),
    path("c/<str:code>/", _copy),
    path("checks/", staff.ScanPage.as_view(), name="check"),
    path("checks/picture/", staff.PicturePage.as_view(), name="check-picture"),
    path("checks/paper/", staff.StaffPaperPage.as_view(), name="check-paper"),
    path("checks/mine/", results.MinePage.as_view(), name="check-mine"),
    path("checks/waiting/<uuid:key>/", results.CheckWaitingPage.as_view(), name="check-waiting"),
    path("checks/results/<uuid:key>/", results.CheckResultPage.as_view(), name="check-result"),
    path("checks/results/<uuid:key>/print/", results.PrintPage.as_view(), name="check-print"),
    path(
        "checks/results/<uuid:key>/pictures/<str:item>/",
        results.PictureOf.as_view(),
        name="check-picture-of",
    ),
    path("checks/results/<uuid:key>/day/", results.PastDayPage.as_view(), name="check-day"),
    path("checks/<uuid:key>/rely/", results.RelyPage.as_view(), name="rely"),
]

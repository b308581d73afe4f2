"""Addresses that are open to anybody: files, codes on screens and on paper (M.18, M.19, S.10).

Codes are printed in capitals, so both spellings lead to the same page.
"""

from django.urls import path

from usage.verifying.pages import file_views, paper_views, public_views

_look = paper_views.LicencePage.as_view()
_read = public_views.ReadPage.as_view()
_copy = paper_views.CopyPage.as_view()

urlpatterns = [
    path("verify/", public_views.VerifyPage.as_view(), name="verify"),
    path("verify/file/", file_views.FileCheckPage.as_view(), name="verify-file"),
    path("verify/code/", paper_views.PaperPage.as_view(), name="verify-code"),
    path("verify/waiting/<uuid:key>/", public_views.WaitingPage.as_view(), name="verify-waiting"),
    path("verify/results/<uuid:key>/", public_views.ResultPage.as_view(), name="verify-result"),
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
]

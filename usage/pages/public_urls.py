"""Addresses that are open to anybody: files, codes on screens and on paper (M.18, M.19, S.10).

Codes are printed in capitals, so both spellings lead to the same page.
"""

from django.urls import path

from usage.pages import code_views, file_views
from usage.pages.soon import Soon

urlpatterns = [
    path("verify/", Soon.as_view(), name="verify"),
    path("verify/file/", file_views.FileCheckPage.as_view(), name="verify-file"),
    path("verify/code/", code_views.CodePage.as_view(), name="verify-code"),
    path("V/<str:serial>/<str:code>", code_views.LicencePage.as_view(), name="look"),
    path("v/<str:serial>/<str:code>", code_views.LicencePage.as_view()),
    path("V/<str:serial>/<str:code>/", code_views.LicencePage.as_view()),
    path("v/<str:serial>/<str:code>/", code_views.LicencePage.as_view()),
    path("P/<str:secret>", Soon.as_view(), name="read"),
    path("C/<str:code>", Soon.as_view(), name="copy"),
]

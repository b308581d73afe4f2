"""Addresses of the use of licences: checks that are open to anybody.

The codes on faces are printed in capitals, so both spellings lead to the same page.
"""

from django.urls import path

from usage.pages import code_views, file_views

app_name = "usage"

urlpatterns = [
    path("verify/file/", file_views.FileCheckPage.as_view(), name="verify-file"),
    path("verify/code/", code_views.CodePage.as_view(), name="verify-code"),
    path("V/<str:serial>/<str:code>", code_views.LicencePage.as_view(), name="look"),
    path("v/<str:serial>/<str:code>", code_views.LicencePage.as_view()),
    path("V/<str:serial>/<str:code>/", code_views.LicencePage.as_view()),
    path("v/<str:serial>/<str:code>/", code_views.LicencePage.as_view()),
]

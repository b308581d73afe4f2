"""Routes of the register and of a licence's own pages."""

from django.urls import path, register_converter

from licences.register.pages import licence_views, register_views
from zezhou_portal.pagekit.converters import IdentifierConverter

register_converter(IdentifierConverter, "identifier")

_LICENCE = "licences/<identifier:identifier>/"

routes = [
    path("register/", register_views.RegisterPage.as_view(), name="register"),
    path("register/county/", register_views.CountyRegister.as_view(), name="county-register"),
    path("register/county/<uuid:key>/", register_views.CountyTrail.as_view(), name="county-trail"),
    path(_LICENCE, licence_views.LicencePage.as_view(), name="licence"),
    path(f"{_LICENCE}face.svg", licence_views.FacePicture.as_view(), name="face"),
    path(f"{_LICENCE}face/", licence_views.WholeFace.as_view(), name="whole-face"),
    path(f"{_LICENCE}state/", licence_views.FileState.as_view(), name="file-state"),
    path(f"{_LICENCE}unmask/", licence_views.Unmask.as_view(), name="unmask-licence"),
    path(f"{_LICENCE}file/", licence_views.SealedFile.as_view(), name="licence-file"),
    path(f"{_LICENCE}copy/", licence_views.ReadingCopy.as_view(), name="licence-copy"),
    path(f"{_LICENCE}history/", licence_views.HistoryPage.as_view(), name="licence-history"),
]

"""Routes of the licences' pages."""

from django.urls import path

from licences.applications.pages import urls as application_urls
from licences.catalogue.pages import public_views
from licences.catalogue.pages import urls as entry_urls
from licences.register.pages import urls as register_urls
from licences.stock.pages import urls as stock_urls

app_name = "licences"

urlpatterns = [
    path("catalogue/", public_views.CatalogueList.as_view(), name="catalogue"),
    path("catalogue/<str:type_code>/", public_views.KindPage.as_view(), name="kind"),
    path(
        "catalogue/<str:type_code>/specimen.svg",
        public_views.SpecimenPicture.as_view(),
        name="specimen",
    ),
    path(
        "catalogue/<str:type_code>/<str:issuer>/",
        public_views.KindPage.as_view(),
        name="kind-of",
    ),
    path(
        "catalogue/<str:type_code>/<str:issuer>/specimen.svg",
        public_views.SpecimenPicture.as_view(),
        name="specimen-of",
    ),
    *stock_urls.routes,
    *application_urls.routes,
    *register_urls.routes,
    *entry_urls.routes,
]

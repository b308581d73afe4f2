"""The site map: one include per app."""

from django.urls import URLPattern, URLResolver, include, path

from zezhou_portal.site import views
from zezhou_portal.site.desk import DeskPage

_portal = [
    path("", views.HomePage.as_view(), name="home"),
    path("help/", views.HelpPage.as_view(), name="help"),
    path("privacy/", views.Page.as_view(template_name="portal/privacy.html"), name="privacy"),
    path(
        "accessibility/",
        views.Page.as_view(template_name="portal/accessibility.html"),
        name="accessibility",
    ),
    path("contact/", views.Page.as_view(template_name="portal/contact.html"), name="contact"),
    path("regulation/", views.RegulationPage.as_view(), name="regulation"),
    path("elder/", views.ElderMode.as_view(), name="elder"),
    path("theme/", views.Theme.as_view(), name="theme"),
    path("desk/", DeskPage.as_view(), name="desk"),
    path("styleguide/", views.StyleGuide.as_view(), name="styleguide"),
]

# Where nobody caught an error: an outage is said as one.
handler500 = "zezhou_portal.site.outages.failed"

# Each app names its own paths and its namespace (`app_name`).
_APPS = (
    "zezhou_portal.site.health",
    "zezhou_portal.site.metrics",
    "zezhou_portal.parties.urls",
    "zezhou_portal.exchange.pages.urls",
    "audit.deadlines.pages.urls",
    "audit.supervision.pages.urls",
    "seals.custody.pages.urls",
    "licences.urls",
    "usage.urls",
)


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("zezhou_portal.api_urls")),
    path("", include((_portal, "portal"))),
    *[path("", include(module)) for module in _APPS],
]

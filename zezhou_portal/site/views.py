"""The public pages that belong to no app, and how a reader wants to read."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import TemplateView, View

from licences.catalogue import selectors as catalogue
from usage.verifying.outcomes import Outcome
from zezhou_portal.kernel import clock
from zezhou_portal.parties.instruments.selectors import present_numbers
from zezhou_portal.regulation.articles import ARTICLES
from zezhou_portal.regulation.instruments import INSTRUMENTS
from zezhou_portal.site.shell import ELDER_COOKIE, ELDER_SIZES, THEME_COOKIE
from zezhou_portal.site.styleguide import samples
from zezhou_portal.templatetags.words import GLOSSARY

_A_YEAR = 365 * 24 * 3600


class Page(TemplateView):
    """A page with words only."""

    public = "because it explains the portal to everybody"


class HomePage(TemplateView):
    """What the portal is, how to check a licence, where to go from here."""

    public = "because it is the front door"
    template_name = "portal/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A few kinds of the catalogue and what was published last."""
        return super().get_context_data(
            kinds=catalogue.published_kinds()[:6],
            news=catalogue.latest_publications()[:4],
            **kwargs,
        )


class HelpPage(TemplateView):
    """Answers to what people ask, and what the words mean."""

    public = "because it explains the portal to everybody"
    template_name = "portal/help.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words, what each outcome of a check means, and where we really are."""
        return super().get_context_data(
            glossary=GLOSSARY, outcomes=list(Outcome), host=settings.PORTAL_ADDRESS, **kwargs
        )


class RegulationPage(TemplateView):
    """Every article the portal answers for, its gist and whether it is in force (M.32)."""

    public = "because the rules are public"
    template_name = "portal/regulation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The three instruments, each with its articles and today's regulated numbers."""
        numbers = present_numbers(clock.today())
        texts = [
            (
                text,
                [one for one in ARTICLES.values() if one.instrument is text],
                [one for one in numbers if one.number.instrument == code],
            )
            for code, text in INSTRUMENTS.items()
        ]
        return super().get_context_data(texts=texts, **kwargs)


class StyleGuide(TemplateView):
    """Every component in every state; where the portal is developed only."""

    public = "because it shows invented data, and in development only"
    template_name = "portal/styleguide.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[assignment]
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Invented values for each component."""
        return super().get_context_data(**samples(), **kwargs)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the reader came from, if it is one of ours."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if ours else reverse("portal:home"))


class ElderMode(View):
    """Turns elder mode on, larger, or off; kept in a cookie, needs no script."""

    public = "because how one reads is nobody else's business"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """POST `size` (18, 22, 26, 30; anything else turns it off) and `next`."""
        response = _back(request)
        size = request.POST.get("size", "")
        if size in ELDER_SIZES:
            response.set_cookie(ELDER_COOKIE, size, max_age=_A_YEAR, samesite="Lax", httponly=True)
        else:
            response.delete_cookie(ELDER_COOKIE, samesite="Lax")
        return response


class Theme(View):
    """Dark or light colours; kept in a cookie."""

    public = "because how one reads is nobody else's business"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """POST `theme` (dark; anything else is light) and `next`."""
        response = _back(request)
        if request.POST.get("theme") == "dark":
            response.set_cookie(
                THEME_COOKIE, "dark", max_age=_A_YEAR, samesite="Lax", httponly=True
            )
        else:
            response.delete_cookie(THEME_COOKIE, samesite="Lax")
        return response

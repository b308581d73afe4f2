"""The register as its own department reads it, and as supervision may see it (M.5, M.8)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from audit.trail.selectors import NEWEST_FIRST as TRAIL_ORDER
from audit.trail.selectors import of_subject as records_of
from licences.lifecycle import LICENCE
from licences.models import Licence
from licences.register import search as registered
from licences.register.consulting import consult_trail
from licences.register.pages.marks import Chip, chips_of, shown_state
from licences.register.pages.timeline import timeline
from zezhou_portal.kernel.names import normalise_name
from zezhou_portal.pagekit.paging import page_of
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.capabilities import Capability

_PAGE = 20


@dataclass(frozen=True)
class Line:
    """One licence of the list."""

    licence: Licence
    url: str
    state: str
    chips: list[Chip]


class RegisterPage(PortalView):
    """One's own department's licences, newest first."""

    capability = Capability.CONSULT_REGISTER
    template_name = "licences/register.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """GET `q` (identifier, number or part of a name), `kind`, `state`, `page`."""
        kinds = dict(registered.kinds_issued(self.actor))
        filled = {
            "q": request.GET.get("q", "").strip()[:160],
            "kind": _one_of(request.GET.get("kind", ""), kinds),
            "state": _one_of(request.GET.get("state", ""), LICENCE.labels),
        }
        rows = registered.search_register(
            self.actor, filled["q"], kind=filled["kind"], state=filled["state"]
        )
        token = request.GET.get("page", "")
        page = page_of(rows, order=registered.NEWEST_FIRST, token=token, size=_PAGE)
        words = {
            "q": f"“{filled['q']}”",
            "kind": kinds.get(filled["kind"], ""),
            "state": LICENCE.labels.get(filled["state"], ""),
        }
        return self.render(
            {
                "page": page,
                "lines": [_line(row) for row in page.rows],
                "kinds": kinds,
                "states": LICENCE.labels,
                "filled": filled,
                "chips": narrowed(filled, words),
                "query": query_of(filled),
                "is_narrowed": any(filled.values()),
                "is_short": len(normalise_name(filled["q"])) == 1,
            }
        )


class CountyRegister(PortalView):
    """Every department's licences for supervision: identifier, kind, department and state."""

    capability = Capability.SUPERVISE
    template_name = "licences/register_county.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """GET `identifier`, `department` (credit code), `state`, `page`."""
        departments = {one.credit_code: one.name for one in registered.departments_with_licences()}
        filled = {
            "identifier": request.GET.get("identifier", "").strip()[:160],
            "department": _one_of(request.GET.get("department", ""), departments),
            "state": _one_of(request.GET.get("state", ""), LICENCE.labels),
        }
        rows = registered.county_register(self.actor, **filled)
        token = request.GET.get("page", "")
        page = page_of(rows, order=registered.NEWEST_FIRST, token=token, size=_PAGE)
        words = {
            "identifier": filled["identifier"],
            "department": departments.get(filled["department"], ""),
            "state": LICENCE.labels.get(filled["state"], ""),
        }
        return self.render(
            {
                "page": page,
                "departments": departments,
                "states": LICENCE.labels,
                "filled": filled,
                "chips": narrowed(filled, words),
                "query": query_of(filled),
                "is_narrowed": any(filled.values()),
            }
        )


class CountyTrail(PortalView):
    """One licence's trail for supervision: who did what and when, never a value (M.5, M.25)."""

    capability = Capability.SUPERVISE
    template_name = "licences/register_trail.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """GET `page`. Opening it is an act of its own."""
        licence = get_object_or_404(registered.county_register(self.actor), uuid=key)
        consult_trail(actor=self.actor, licence=licence)
        records = records_of("licence", str(licence.uuid))
        page = page_of(records, order=TRAIL_ORDER, token=request.GET.get("page", ""), size=30)
        context: dict[str, Any] = {
            "licence": licence,
            "page": page,
            "events": timeline(page.rows),
            "trail": [("各单位证照", reverse("licences:county-register"))],
        }
        return self.render(context)


def _line(row: Licence) -> Line:
    return Line(
        licence=row,
        url=reverse("licences:licence", args=[row.identifier]),
        state=shown_state(row),
        chips=chips_of(row),
    )


def _one_of(text: str, known: "dict[str, str]") -> str:
    return text if text in known else ""


def query_of(filled: dict[str, str]) -> str:
    """The filter, ready to stand before another field of the address."""
    words = urlencode({key: value for key, value in filled.items() if value})
    return f"{words}&" if words else ""


def narrowed(filled: dict[str, str], words: dict[str, str]) -> list[tuple[str, str]]:
    """What a list is narrowed down to in words, each with the address without it."""
    return [
        (words[key], "?" + query_of({**filled, key: ""}).rstrip("&"))
        for key, value in filled.items()
        if value
    ]

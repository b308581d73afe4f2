"""A licence of the register: state, face, registered values, files, city, history (M.8, M.25)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse

from audit.deadlines.selectors import of_subject as clocks_of
from audit.trail.selectors import NEWEST_FIRST, Record
from audit.trail.selectors import of_subject as records_of
from licences import data_items, values
from licences.data_items import DataItem
from licences.models import Licence, LicenceVersion
from licences.production.face.inputs import CannotDraw
from licences.production.rendering import entry_of, pages_of, picture_of, sensitive_keys
from licences.register import consulting
from licences.register import search as registered
from licences.register.pages.marks import chips_of, shown_state
from zezhou_portal.exchange.selectors import of_subject as messages_of
from zezhou_portal.pagekit.lists import ListPage
from zezhou_portal.pagekit.responses import (
    OFD,
    PDF,
    SVG,
    attachment,
    compressed,
    never_kept,
    not_found,
)
from zezhou_portal.pagekit.timeline import timeline
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.masking import mask_identity
from zezhou_portal.parties.models import HolderKind, IdentityType
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

_RECORDS = 12
_HISTORY = 30
# Asked again each time, sent again only when the file is another.
_KEPT = "private, no-cache"


@dataclass(frozen=True)
class Fact:
    """One line of the registered values: what is shown, and how the rest is opened."""

    key: str
    name: str
    text: str
    is_masked: bool = False
    is_opened: bool = False
    is_code: bool = False
    is_long: bool = False


@dataclass(frozen=True)
class HolderSession:
    """One holder: name and kind, and the number as it may be shown."""

    name: str
    kind: str
    number: Fact


class LicenceView(PortalView):
    """A view of one licence of one's own department: a neighbour's is as little there as none."""

    capability = Capability.CONSULT_REGISTER

    def licence(self, identifier: str) -> Licence:
        """The licence that has a version of that identifier, or a 404."""
        found = registered.licence_of(self.actor, identifier)
        if found is None:
            raise not_found()
        return found

    def version(self, identifier: str) -> LicenceVersion:
        """The version of that identifier, or a 404."""
        found = registered.version_of(self.actor, identifier)
        if found is None:
            raise not_found()
        return found


class LicencePage(LicenceView):
    """Everything about one licence that its department may read; reading it is an act."""

    template_name = "licences/licence.html"

    def get(self, request: HttpRequest, identifier: str) -> HttpResponse:  # noqa: ARG002
        licence = self.licence(identifier)
        if licence.identifier != identifier:
            return redirect("licences:licence", identifier=licence.identifier)
        consulting.consult(actor=self.actor, licence=licence)
        return self.render(licence_context(licence))


class Unmask(LicenceView):
    """POST `what`: shows one personal value in full, on the answer alone, and records it (M.26)."""

    capability = Capability.UNMASK_VALUES
    asks_again = True
    action = Action.VALUE_UNMASKED
    template_name = "licences/licence.html"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, identifier: str) -> HttpResponse:
        """The licence's page with the value opened; never kept by the browser."""
        version = self.version(identifier)
        what = request.POST.get("what", "")
        value = consulting.unmask(actor=self.actor, version=version, what=what)
        licence = self.licence(identifier)
        return never_kept(self.render(licence_context(licence, opened={what: value})))


class FacePicture(LicenceView):
    """A version's face as SVG, personal values masked; the preview until the file is sealed."""

    def get(self, request: HttpRequest, identifier: str) -> HttpResponse:
        """GET `page` (from 1). Kept by the browser as long as the file's digest is the same."""
        version = self.version(identifier)
        page = _page_number(request)
        tag = f'"{_digest(version)}-{page}"'
        if request.headers.get("If-None-Match") == tag:
            return HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": _KEPT})
        try:
            picture = picture_of(version, entry_of(version), page=page)
        except (CannotDraw, IndexError) as fault:
            raise not_found() from fault
        response = packed(request, picture)
        response["ETag"], response["Cache-Control"] = tag, _KEPT
        return response


class WholeFace(LicenceView):
    """POST: the face with nothing masked, on the record (M.26)."""

    capability = Capability.UNMASK_VALUES
    asks_again = True
    action = Action.FACE_UNMASKED
    http_method_names = ("post",)

    def post(self, request: HttpRequest, identifier: str) -> HttpResponse:
        """SVG of one page (`page` from 1); never kept by the browser."""
        version = self.version(identifier)
        try:
            picture = consulting.open_face(
                actor=self.actor, version=version, page=_page_number(request)
            )
        except (CannotDraw, IndexError) as fault:
            raise not_found() from fault
        return never_kept(packed(request, picture))


class FileState(LicenceView):
    """How far the file is: asked every few seconds while a licence waits for it."""

    template_name = "licences/_licence_file_state.html"

    def get(self, request: HttpRequest, identifier: str) -> HttpResponse:  # noqa: ARG002
        """The notice again; once the licence is in force the page loads itself anew."""
        licence = self.licence(identifier)
        if licence.state != "AWAITING_FILE":
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        version = registered.versions_of(licence)[0]
        return self.render({"licence": licence, "version": version})


class SealedFile(LicenceView):
    """POST: the sealed OFD of a version, on the record (M.25)."""

    capability = Capability.MAKE_COPIES
    action = Action.FILE_DOWNLOADED
    http_method_names = ("post",)

    def post(self, request: HttpRequest, identifier: str) -> HttpResponse:
        version = self.version(identifier)
        try:
            data = consulting.download(actor=self.actor, version=version)
        except RuleBroken as refusal:
            return _back(request, version.licence, refusal)
        name = f"{version.licence.kind_name}_{version.licence.number}_第{version.no}版.ofd"
        return attachment(data, name, OFD)


class ReadingCopy(LicenceView):
    """POST: the reading copy of today's version as PDF, on the record (S.10)."""

    capability = Capability.MAKE_COPIES
    action = Action.COPY_MADE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, identifier: str) -> HttpResponse:
        licence = self.licence(identifier)
        try:
            data = consulting.make_copy(actor=self.actor, licence=licence)
        except RuleBroken as refusal:
            return _back(request, licence, refusal)
        name = f"{licence.kind_name}_{licence.number}_阅览件.pdf"
        return attachment(data, name, PDF)


class HistoryPage(LicenceView, ListPage[Record]):
    """The whole trail of one licence, page by page."""

    template_name = "licences/licence_history.html"
    order = NEWEST_FIRST
    size = _HISTORY
    subject: Licence

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Reading it is the same act as reading the licence."""
        self.subject = self.licence(kwargs["identifier"])
        consulting.consult(actor=self.actor, licence=self.subject)
        return super().get(request, *args, **kwargs)

    def rows(self) -> "QuerySet[Record]":
        return records_of("licence", str(self.subject.uuid))

    def present(self, rows: Sequence[Record]) -> Sequence[Any]:
        return timeline(rows)

    def context(self) -> dict[str, Any]:
        return _head(self.subject)


def licence_context(licence: Licence, *, opened: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What the page of a licence shows; `opened` are values in full, by what was asked for."""
    versions = list(registered.versions_of(licence))
    version = next(one for one in versions if one.no == licence.version_no)
    entry = entry_of(version)
    items = data_items.items_of(entry.items)
    shown = opened or {}
    subject = licence.subject
    city = list(messages_of(subject).defer("content"))
    clocks = list(clocks_of(subject.kind, subject.key))
    records = list(records_of(subject.kind, subject.key)[: _RECORDS + 1])
    history = reverse("licences:licence-history", args=[licence.identifier])
    return {
        **_head(licence),
        "version": version,
        "versions": versions,
        "file": getattr(version, "file", None),
        "entry": entry,
        "sensitivity": entry.sensitive_words,
        "holders": holders_shown(version, shown),
        "facts": facts_of(version, items, shown),
        "is_face_masked": bool(sensitive_keys(version, entry)),
        "pages": range(1, pages_of(version, entry) + 1),
        "paper": entry.layout["page"],
        "gaps": _gaps(version, items),
        "city": city[-1] if city else None,
        "clock": next((one for one in clocks if one.article == "M.9"), None),
        "events": timeline(records[:_RECORDS]),
        "more": history if len(records) > _RECORDS else "",
    }


def _head(licence: Licence) -> dict[str, Any]:
    return {
        "licence": licence,
        "state": shown_state(licence),
        "chips": chips_of(licence),
        "trail": [
            ("证照库", reverse("licences:register")),
            (licence.kind_name, f"{reverse('licences:register')}?kind={licence.type_code}"),
        ],
        "history_url": reverse("licences:licence-history", args=[licence.identifier]),
    }


def holders_shown(version: LicenceVersion, opened: Mapping[str, str]) -> list[HolderSession]:
    """Who holds the licence, as frozen: names, and numbers masked unless opened or public."""
    types = dict(IdentityType.choices)
    found = []
    for place, holder in enumerate(version.frozen["holders"]):
        key = f"{consulting.HOLDER}{place}"
        number = values.open_({"enc": holder["number"]}) if holder["number"] else ""
        hidden = bool(number) and holder["type"] != IdentityType.CREDIT_CODE
        fact = Fact(
            key=key,
            name=types.get(holder["type"], "") if number else "没有证件号码",
            text=_seen(number, key, opened, is_hidden=hidden),
            is_masked=hidden and key not in opened,
            is_opened=hidden and key in opened,
            is_code=True,
        )
        found.append(HolderSession(holder["name"], HolderKind(holder["kind"]).label, fact))
    return found


def facts_of(
    version: LicenceVersion, items: Sequence[DataItem], opened: Mapping[str, str]
) -> list[Fact]:
    """The registered values in the order of the kind; photos and empty items are left out."""
    clear = values.thaw(version.frozen["values"])
    # A number that stands beside its holder is not shown twice.
    numbers = {
        values.open_({"enc": holder["number"]})
        for holder in version.frozen["holders"]
        if holder["number"]
    }
    found = []
    for item in items:
        text = clear.get(item.key, "")
        if item.kind == "image" or not text or (text in numbers and item.key not in opened):
            continue
        hidden = item.is_sensitive and item.key not in opened
        found.append(
            Fact(
                key=item.key,
                name=item.name,
                text=_seen(text, item.key, opened, is_hidden=item.is_sensitive),
                is_masked=hidden,
                is_opened=item.is_sensitive and not hidden,
                is_code=item.kind in {"credit_code", "citizen_id", "identity_number"},
                is_long=len(text) > 40,
            )
        )
    return found


def _seen(text: str, key: str, opened: Mapping[str, str], *, is_hidden: bool) -> str:
    return opened.get(key, mask_identity(text)) if is_hidden else text


def _gaps(version: LicenceVersion, items: Sequence[DataItem]) -> list[str]:
    """The required items that stock came without (待补, M.10)."""
    stored = version.frozen["values"]
    return [item.name for item in items if item.required and not stored.get(item.key)]


def _digest(version: LicenceVersion) -> str:
    """What the picture follows from: the sealed file, or the version that waits for one."""
    file = getattr(version, "file", None)
    return file.digest if file else f"preview-{version.pk}-{version.layout_digest[:16]}"


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "") or request.POST.get("page", "") or "1"
    return int(text) - 1 if text.isascii() and text.isdigit() and 0 < int(text) < 100 else 0


def packed(request: HttpRequest, picture: bytes) -> HttpResponse:
    """An SVG answer, compressed where the browser takes it: a face is 90 % outlines."""
    return compressed(request, HttpResponse(picture, content_type=SVG))


def _back(request: HttpRequest, licence: Licence, refusal: RuleBroken) -> HttpResponse:
    messages.error(request, refusal.reason)
    return redirect("licences:licence", identifier=licence.identifier)

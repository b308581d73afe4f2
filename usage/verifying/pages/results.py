"""What a verification came to: the verdict, waiting for a word, reliance, past days, one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy

from usage.models import Mode, Presentation, Verification
from usage.verifying.disclosure import picture_digest
from usage.verifying.outcomes import BY_KEY, Outcome
from usage.verifying.pages.base import (
    CheckPage,
    OwnVerificationPage,
    ReaderPage,
    remembers,
    waits_for,
)
from usage.verifying.pages.forms import PastDayForm, RelyForm
from usage.verifying.past_days import verify_on
from usage.verifying.presenter import (
    Viewer,
    band_of,
    may_ask_past_day,
    open_until,
    sheet_again,
)
from usage.verifying.redemption import fetch_agreed
from usage.verifying.relying import needs_number, refusal_of, rely
from usage.verifying.results import HIDING
from usage.verifying.selectors import (
    NEWEST_FIRST,
    facts_behind,
    presentation_of,
    relied_on,
    verification_by_key,
    verifications_of,
    verified_together,
)
from zezhou_portal.kernel import clock, files
from zezhou_portal.pagekit.lists import Column, Empty, ListPage
from zezhou_portal.pagekit.responses import not_found, shown_file
from zezhou_portal.pagekit.views import FormPage
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action


class WaitingPage(ReaderPage):
    """Waits for the holder's word: a POST asks whether it has come, every two seconds by script.

    To fetch the address asks nothing.
    """

    public: ClassVar[str] = "because whoever read the code waits for the holder's word (P.2.3.3)"
    template_name = "usage/verifying/waiting.html"
    presentation: Presentation

    def prepare(self, **kwargs: Any) -> None:
        self.reader_key = waits_for(self.request, kwargs["key"])
        found = presentation_of(kwargs["key"]) if self.reader_key else None
        if found is None or found.reader_account_id != self.actor.account_id:
            raise not_found()
        self.presentation = found

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        context = {"presentation": self.presentation, "viewer": self.viewer.value}
        return self.render(self.with_host(**context))

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        """To the verdict once there is one; nothing new to a script until then."""
        result = fetch_agreed(
            actor=self.actor,
            presentation=self.presentation,
            reader_key=self.reader_key,
            purpose=self.purpose(),
        )
        is_script = bool(request.headers.get("HX-Request"))
        if result.is_waiting and is_script:
            return HttpResponse(status=204)
        onward = self.lead_on(result)
        if is_script:
            return HttpResponse(status=204, headers={"HX-Redirect": onward["Location"]})
        return onward


class CheckWaitingPage(CheckPage, WaitingPage):
    """The same at a verifier's address."""

    public: ClassVar[str] = ""


class ResultPage(ReaderPage):
    """The verdict, for the browser that brought it about; after some minutes its last line.

    The licences that were shown together stand on one page.
    """

    public: ClassVar[str] = "because whoever read a code sees what came of it (M.18)"
    template_name = "usage/verifying/result.html"
    verification: Verification

    def prepare(self, **kwargs: Any) -> None:
        key: UUID = kwargs["key"]
        found = verification_by_key(key) if remembers(self.request, key) else None
        if found is None:
            raise not_found()
        self.verification = found

    @property
    def viewer(self) -> Viewer:
        """A verifier on duty is one of what they read themselves, signed in."""
        account = self.verification.account_id
        is_own = account is not None and account == self.actor.account_id
        return super().viewer if is_own else Viewer.ANYBODY

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        sheet = sheet_again(verified_together(self.verification), self.viewer)
        return self.render(self.with_host(sheet=sheet, verification=self.verification))


class CheckResultPage(OwnVerificationPage, ResultPage):
    """The same at a verifier's address, for as long as their department keeps it."""

    public: ClassVar[str] = ""


class PrintPage(CheckResultPage):
    """The same as framed words on paper."""

    template_name = "usage/verifying/print.html"


class PictureOf(OwnVerificationPage):
    """A picture that the holder chose to show, for whoever verified, as long as the items lie open.

    The photo on a licence tells whether the one who stands there is its holder (M.19).
    """

    def get(self, request: HttpRequest, key: UUID, item: str) -> HttpResponse:  # noqa: ARG002
        """The picture; a 404 for one that was not chosen, not given out, or closed again."""
        row = self.verification
        digest = ""
        if item in row.items and clock.now() < open_until(row):
            facts = facts_behind([row]).get(row.version_id or 0)
            if facts is not None and BY_KEY[row.outcome] not in HIDING:
                digest = picture_digest(facts.version, item)
        if not digest:
            raise not_found()
        data = files.read(digest)
        is_png = data.startswith(b"\x89PNG")
        kind = "png" if is_png else "jpeg"
        return shown_file(data, f"照片.{kind}", f"image/{kind}")


class RelyPage(OwnVerificationPage, FormPage):
    """Takes a verified licence as the basis of an application (M.21)."""

    capability = Capability.RELY_ON_LICENCES
    action = Action.LICENCE_RELIED_ON
    template_name = "usage/verifying/rely.html"
    form_class = RelyForm

    def initial(self) -> dict[str, Any]:
        return {"purpose": self.verification.purpose}

    def form(self, data: Any = None) -> Any:
        form = super().form(data)
        if needs_number(self.verification):
            form.fields["application_number"].quiet = True  # type: ignore[attr-defined]
        return form

    def context(self) -> dict[str, Any]:
        """The licence, or why it cannot be relied on."""
        relied = relied_on([self.verification]).get(self.verification.pk)
        return {
            "verification": self.verification,
            "relied": relied,
            "refusal": refusal_of(self.verification),
        }

    def carry_out(self, form: Any) -> HttpResponse:
        rely(actor=self.actor, verification=self.verification, **form.cleaned_data)
        messages.success(
            self.request, "已记为办事依据\n持证人会在用证记录里看到。不用再要纸质证照和复印件。"
        )
        return HttpResponseRedirect(reverse("usage:check-result", args=[self.verification.uuid]))


class PastDayPage(OwnVerificationPage, FormPage):
    """Asks the same paper about a past day."""

    template_name = "usage/verifying/past_day.html"
    form_class = PastDayForm

    def prepare(self, **kwargs: Any) -> None:
        super().prepare(**kwargs)
        if not may_ask_past_day(self.verification):
            raise not_found()

    def context(self) -> dict[str, Any]:
        return {"verification": self.verification}

    def carry_out(self, form: Any) -> HttpResponse:
        (facts,) = facts_behind([self.verification]).values()
        return self.lead_on(
            verify_on(
                actor=self.actor,
                facts=facts,
                day=form.cleaned_data["on_day"],
                mode=Mode(self.verification.mode),
                purpose=self.verification.purpose,
            )
        )


@dataclass(frozen=True)
class VerificationRow:
    """A verification as its verifier's list shows it."""

    verification: Verification
    outcome: Outcome
    band: Any
    is_relied_on: bool


class MinePage(CheckPage, ListPage[Verification]):
    """One's own verifications for the department one acts for, newest first."""

    template_name = "usage/verifying/mine.html"
    title = "核验"
    columns = (
        Column("证照、核验号"),
        Column("结论"),
        Column("方式"),
        Column("用途"),
        Column("时间", sort="at", falls=True, css="zz-n"),
    )
    order = NEWEST_FIRST
    unit = "次"
    nothing = Empty(
        "您还没有核验过证照",
        "扫一个码，结果会出现在这里。",
        "history",
        reverse_lazy("usage:check"),
        "去核验",
    )

    def rows(self) -> "QuerySet[Verification]":
        return verifications_of(self.actor).select_related("licence")

    def present(self, rows: Sequence[Verification]) -> list[VerificationRow]:
        relied = relied_on(rows)
        return [
            VerificationRow(row, BY_KEY[row.outcome], band_of(row), row.pk in relied)
            for row in rows
        ]

    def context(self) -> dict[str, Any]:
        return {"tab": "mine"}

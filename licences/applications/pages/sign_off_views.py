"""Sign-off: one or several applications, the preview, and what came of it (M.6, M.7, M.9, S.12)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from licences.applications import issuing, reading
from licences.applications import selectors as applications
from licences.applications.completeness import faults_of
from licences.applications.pages.addresses import application_or_404
from licences.applications.pages.forms.decision import SignOffForm
from licences.applications.pages.review_views import DecisionPage, judge
from licences.applications.reading import READERS
from licences.applications.waiting import ROOM, item_of
from licences.models import Application, Licence, LicenceVersion
from licences.production.face_input import preview_of
from licences.register.entering import seal_for
from licences.register.pages.addresses import licence_address
from zezhou_portal.pagekit.lists import Empty
from zezhou_portal.pagekit.responses import SVG, not_found, shown_file
from zezhou_portal.pagekit.views import ConfirmPage, PortalView, Question
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.waiting.pages import KindFilter, WorkListPage
from zezhou_portal.parties.waiting.queues import Room, WaitingItem
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

SIZE = 50


class SignOffQueue(WorkListPage):
    """What waits for this person's sign-off, with boxes to tick."""

    capability = (Capability.ISSUE_LICENCES, Capability.SIGN_OFF_STOCK)
    template_name = "licences/sign_off_queue.html"
    filter_class = KindFilter
    title = "签批与签发"
    step = "sign-off"
    size = SIZE

    def rooms(self) -> Sequence[Room]:
        return (ROOM,)

    def empty(self, *, is_narrowed: bool) -> Empty:
        if is_narrowed:
            return self.no_match
        when = "审核通过的件会出现在这里。您采集或审核过的件，由别人签发。"
        return Empty("没有等您签发的件", when, "stamp")

    def present(self, rows: Sequence[Application]) -> Sequence[tuple[WaitingItem, Application]]:
        return [(self.item_of(row), row) for row in rows]


@dataclass(frozen=True)
class Issued:
    """A licence that came of a batch."""

    licence: Licence
    application: Application


class BatchSignOff(ConfirmPage):
    """`application` (uuid:revision, several): GET says the sum, POST signs off each."""

    capability = Capability.ISSUE_LICENCES
    asks_again = True
    action = Action.LICENCE_ISSUED
    template_name = "licences/sign_off_batch.html"
    verb = "签发这些件"
    references = ("M.6", "S.12")
    undo = "签发后不能收回，只能依法变更、注销或者撤销。"
    hands = "有一件不合规定的，只有那一件不签发，别的照签。"
    back_words = "不签发，返回"
    chosen: list[tuple[Application, int]]

    def prepare(self, **kwargs: Any) -> None:  # noqa: ARG002
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        self.chosen = self._chosen(sent.getlist("application"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.chosen else self._nothing_chosen()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if self.chosen else self._nothing_chosen()

    def _nothing_chosen(self) -> HttpResponse:
        messages.warning(self.request, "还没有选要签发的件\n勾选后再按“签发所选”。")
        return redirect(self.back())

    def question(self) -> str:
        return f"签发这 {len(self.chosen)} 件？"

    def consequences(self) -> list[str]:
        kinds = Counter(application.entry.name for application, _ in self.chosen)
        with_paper = sum(application.has_paper for application, _ in self.chosen)
        counted = "、".join(f"{name} {count} 份" for name, count in kinds.items())
        lines = [
            f"{len(self.chosen)} 份证照入库并随即制证盖章：{counted}。",
            f"批准用印 {len(self.chosen)} 次。",
            "制成后生效，并推送市电子证照管理平台。",
        ]
        if with_paper:
            lines.append(f"其中 {with_paper} 份同时发放纸质证照，印刷号和发放另行登记。")
        return lines

    def back(self) -> str:
        return reverse("licences:sign-off-queue")

    def context(self) -> dict[str, Any]:
        return {
            "rows": [(item_of(row, self.actor), row) for row, _ in self.chosen],
            "carried": [("application", f"{row.uuid}:{revision}") for row, revision in self.chosen],
        }

    def carry_out(self) -> HttpResponse:
        issued, refused = issuing.issue_many(actor=self.actor, applications=self.chosen)
        by_pk = {application.pk: application for application, _ in self.chosen}
        done = [Issued(licence, by_pk[licence.application_id or 0]) for licence in issued]
        context = {"issued": done, "refused": refused}
        return self.render(context, template="licences/sign_off_batch_result.html")

    def _chosen(self, tokens: list[str]) -> list[tuple[Application, int]]:
        """The department's applications among those ticked, each with the revision seen."""
        seen: dict[str, int] = {}
        for token in tokens[:SIZE]:
            key, _, revision = token.partition(":")
            if revision.isdecimal() and len(revision) < 10 and _is_uuid(key):
                seen[str(UUID(key))] = int(revision)
        rows = applications.queue_rows(self.actor).filter(uuid__in=list(seen))
        return [(row, seen[str(row.uuid)]) for row in rows.order_by("received_at", "pk")]


class SignOffPage(DecisionPage):
    """One application before its signatory, with the face as it will be."""

    capability = Capability.ISSUE_LICENCES
    asks_again = True
    action = Action.LICENCE_ISSUED
    template_name = "licences/sign_off.html"
    form_class = SignOffForm
    waiting = "APPROVED"

    def context(self) -> dict[str, Any]:
        application = self.application
        return {
            **super().context(),
            "checks": self._checks(application),
            "holders": application.holders,
        }

    def _checks(self, application: Application) -> list[tuple[bool, str]]:
        """What sign-off relies on, as sentences: good or not."""
        faults = faults_of(application)
        checks = [(not faults, f"缺项或错项 {len(faults)} 处" if faults else "数据项齐全、合规则")]
        try:
            seal = seal_for(application.entry)
        except RuleBroken as refusal:
            checks.append((False, refusal.reason.rstrip("。")))
        else:
            checks.append((True, f"电子印章“{seal.name}”可用"))
        try:
            preview_of(application)
        except RuleBroken as refusal:
            checks.append((False, f"照面画不出来：{refusal.reason.rstrip('。')}"))
        else:
            checks.append((True, "照面排得下"))
        return checks

    def why_not(self) -> str:
        """Capture, review and sign-off are three people's (M.7)."""
        me = self.actor.account_id
        if me in {self.application.received_by_id, *self.application.capturers}:
            return issuing.CAPTURED_IT
        if not settings.PORTAL_REVIEWER_MAY_SIGN_OFF and me == self.application.reviewed_by_id:
            return issuing.REVIEWED_IT
        return ""

    def question(self, decision: str) -> Question:
        noted = "您的决定和姓名记入操作记录。"
        if decision == "issue":
            lines = [
                "证照进入证照库，随即制证盖章；制成后生效。",
                "批准用印一次。",
                "生效后推送市电子证照管理平台。",
                noted,
            ]
            undo = "签发后不能收回，只能依法变更、注销或者撤销。"
            return self.asked(f"签发这份{self.application.entry.name}？", "签发", lines, undo=undo)
        if decision == "send_back":
            lines = [
                f"办件回到{self.clerk}的工作台。",
                "改好后要重新提交、重新审核，再来签发。",
                noted,
            ]
            return self.asked("退回这一件？", "退回补正", lines)
        return self.refusing(noted)

    def decide(self, words: dict[str, Any]) -> HttpResponse:
        """Issues, sends back or refuses."""
        application = self.application
        if words["decision"] == "issue":
            issuing.issue(actor=self.actor, application=application, revision=words["revision"])
            return redirect("licences:sign-off-result", key=application.uuid)
        judge(self, application, words["decision"], words["revision"], words)
        said = "已退回补正" if words["decision"] == "send_back" else "不予通过"
        messages.success(self.request, f"{application.number} {said}")
        return redirect("licences:sign-off-queue")


class ResultPage(PortalView):
    """What came of a sign-off: waiting for the file, or in force; asked every two seconds."""

    capability = READERS
    template_name = "licences/sign_off_result.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """The page, or with `part` only what changes."""
        application = application_or_404(self.actor, key)
        licence: Licence | None = getattr(application, "licence", None)
        if licence is None:
            return redirect("licences:application", key=application.uuid)
        version = LicenceVersion.objects.get(licence=licence, no=licence.version_no)
        context = {
            "application": application,
            "licence": licence,
            "licence_url": licence_address(licence),
            "version": version,
            "clock": applications.clock_of(application),
            "is_waiting": licence.state == "AWAITING_FILE",
        }
        if "part" in request.GET:
            return self.render(context, template="licences/_result.html")
        return self.render(context)


class PreviewPicture(PortalView):
    """The face as it will be, marked as not valid; never masked: the signatory must see it."""

    capability = (
        Capability.ISSUE_LICENCES,
        Capability.REVIEW_APPLICATIONS,
        Capability.CAPTURE_VALUES,
    )

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        """The SVG; a 404 where it cannot be drawn, the page says why."""
        application = application_or_404(self.actor, key)
        if application.state not in applications.OPEN:
            raise not_found()
        try:
            picture = reading.open_preview(actor=self.actor, application=application)
        except RuleBroken as refusal:
            raise not_found() from refusal
        response = shown_file(picture, "", SVG)
        response["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox"
        )
        return response


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

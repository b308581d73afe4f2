"""Review: captured values beside their sources, the documents, three decisions (M.7)."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from licences import data_items
from licences.applications import reviewing
from licences.applications import selectors as applications
from licences.applications.completeness import faults_of
from licences.applications.pages.addresses import application_or_404
from licences.applications.pages.comparison import DIFFERS, UNKNOWN, compare
from licences.applications.pages.forms.decision import ConfirmedForm, DecisionForm
from licences.applications.unmasking import unmask
from licences.models import Application, Attachment
from licences.terms import term_of
from licences.typed import plain
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.views import PortalView, show_refusal
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken


@dataclass(frozen=True)
class Question:
    """What the confirmation asks, by decision."""

    question: str
    consequences: list[str]
    verb: str
    undo: str = ""
    stop: bool = False


class DecisionPage(PortalView):
    """A page that ends in one of three decisions: chosen, confirmed, carried out."""

    form_class: ClassVar[type[DecisionForm]] = DecisionForm
    waiting: ClassVar[str]

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        application = application_or_404(self.actor, key)
        return self._show(application, self._form(application))

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """First press: what will happen. `confirmed`: does it. `what`: opens a masked value."""
        application = application_or_404(self.actor, key)
        if "what" in request.POST:
            what = plain(request.POST["what"])
            value = unmask(actor=self.actor, application=application, what=what)
            return self._show(application, self._form(application), opened={what: value})
        form = self.form_class(self._items(application), request.POST)
        if not form.is_valid():
            return self._show(application, form, status=422)
        words = form.cleaned_data
        if "confirmed" not in request.POST:
            return self._show(
                application, form, asked=self.question(application, words["decision"])
            )
        try:
            return self.decide(application, words)
        except RuleBroken as refusal:
            show_refusal(form, refusal)
        return self._show(application_or_404(self.actor, key), form, status=422)

    def decide(self, application: Application, words: dict[str, Any]) -> HttpResponse:
        """Calls the verb and gives the redirect."""
        raise NotImplementedError

    def question(self, application: Application, decision: str) -> Question:
        raise NotImplementedError

    def why_not(self, application: Application) -> str:
        """Why this person may not decide on this application; empty if they may."""
        raise NotImplementedError

    def context(self, application: Application, opened: dict[str, str]) -> dict[str, Any]:
        raise NotImplementedError

    def _items(self, application: Application) -> tuple[data_items.DataItem, ...]:
        return data_items.items_of(application.entry.items)

    def _form(self, application: Application) -> DecisionForm:
        return self.form_class(self._items(application), initial={"revision": application.revision})

    def _show(
        self,
        application: Application,
        form: DecisionForm,
        *,
        asked: Question | None = None,
        opened: dict[str, str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        reason = self.why_not(application)
        context = {
            "application": application,
            "term": term_of(application, clock.today()),
            "names": "、".join(holder.name for holder in application.holders),
            "due": applications.due_of(application)
            if application.state in applications.OPEN
            else None,
            "form": form,
            "why_not": reason,
            "may_decide": application.state == self.waiting and not reason,
            "is_waiting": application.state == self.waiting,
            "asked": asked,
            "confirmed_form": ConfirmedForm(initial=form.cleaned_data) if asked else None,
            **self.context(application, opened or {}),
        }
        return self.render(context, status=status)


class ReviewPage(DecisionPage):
    """One application under review."""

    capability = Capability.REVIEW_APPLICATIONS
    action = Action.APPLICATION_APPROVED
    template_name = "licences/review.html"
    waiting = "UNDER_REVIEW"

    def context(self, application: Application, opened: dict[str, str]) -> dict[str, Any]:
        lines = compare(application, opened)
        attachments = list(application.attachments.order_by("attached_at", "pk"))
        return {
            "lines": lines,
            "to_judge": sum(line.verdict == DIFFERS for line in lines),
            "without_source": sum(line.verdict == UNKNOWN for line in lines),
            "attachments": attachments,
            "shown": _chosen(attachments, self.request.GET.get("source", "")),
            "next": applications.next_to_review(self.actor, application),
            "faults": faults_of(application),
            "reviews": list(applications.reviews_of(application)),
        }

    def why_not(self, application: Application) -> str:
        """The capturer's own application goes to somebody else (M.7)."""
        hands = {application.received_by_id, *application.capturers}
        return reviewing.OWN_APPLICATION if self.actor.account_id in hands else ""

    def question(self, application: Application, decision: str) -> Question:
        clerk = application.captured_by.name if application.captured_by else "采集人"
        noted = "您的意见和姓名记入操作记录。"
        if decision == "approve":
            lines = ["办件交签发人签批，签发后才生成证照。", noted]
            return Question("审核通过这一件？", lines, "审核通过")
        if decision == "send_back":
            lines = [
                f"办件回到{clerk}的工作台，标为“退回补正”。",
                "您写的理由原样发给采集人。",
                "改好后要重新提交、重新审核；时限不停。",
                noted,
            ]
            return Question("退回这一件？", lines, "退回补正")
        lines = [
            "这一件就此终结，不会生成证照。",
            f"您写的理由发给{clerk}，由其告知申请人。",
            noted,
        ]
        return Question("不予通过这一件？", lines, "不予通过", "终结后不能恢复。", stop=True)

    def decide(self, application: Application, words: dict[str, Any]) -> HttpResponse:
        """Approves, sends back or refuses; then on to the next application."""
        decision, revision = words["decision"], words["revision"]
        judge(self, application, decision, revision, words)
        said = {"approve": "审核通过，已交签发人", "send_back": "已退回补正", "refuse": "不予通过"}
        following = applications.next_to_review(self.actor, application)
        advice = "下面是下一件。" if following else "没有别的件等您审核。"
        messages.success(self.request, f"{application.number} {said[decision]}\n{advice}")
        if following is None:
            return redirect("licences:review-queue")
        return redirect("licences:review", key=following.uuid)


def judge(
    page: PortalView, application: Application, decision: str, revision: int, words: dict[str, Any]
) -> None:
    """Calls the reviewer's verb of a decision."""
    actor = page.actor
    if decision == "approve":
        reviewing.approve(actor=actor, application=application, revision=revision)
    elif decision == "send_back":
        reviewing.send_back(
            actor=actor,
            application=application,
            revision=revision,
            reasons=words["reasons"],
            fields=words["fields_named"],
        )
    else:
        reviewing.refuse(
            actor=actor, application=application, revision=revision, reasons=words["reasons"]
        )


def _chosen(attachments: list[Attachment], key: str) -> Attachment | None:
    """The document to show: the one asked for, else the first."""
    first = attachments[0] if attachments else None
    return next((one for one in attachments if str(one.uuid) == key), first)

"""Review: captured values beside their sources, the documents, three decisions (M.7)."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from licences import data_items
from licences.applications import reviewing
from licences.applications import selectors as applications
from licences.applications.completeness import faults_of
from licences.applications.materials import states_of
from licences.applications.pages.addresses import application_or_404
from licences.applications.pages.comparison import DIFFERS, UNKNOWN, compare
from licences.applications.pages.forms.decision import DecisionForm
from licences.applications.unmasking import unmask
from licences.models import Application, Attachment
from licences.terms import term_of
from licences.typed import plain
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.views import FormPage, PortalView, Question
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken


class DecisionPage(FormPage):
    """A page that ends in one of three decisions: chosen, confirmed, carried out."""

    form_class: ClassVar[type[DecisionForm]] = DecisionForm
    waiting: ClassVar[str]
    application: Application
    # A masked value that was opened, by what was asked for.
    opened: Mapping[str, str] = MappingProxyType({})

    def prepare(self, **kwargs: Any) -> None:
        self.application = application_or_404(self.actor, kwargs["key"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """`what` opens a masked value; anything else is a decision."""
        if "what" not in request.POST:
            return super().post(request, *args, **kwargs)
        what = plain(request.POST["what"])
        value = unmask(actor=self.actor, application=self.application, what=what)
        self.opened = {what: value}
        return self.get(request)

    def form(self, data: Any = None) -> DecisionForm:
        items = data_items.items_of(self.application.entry.items)
        if data is None:
            return self.form_class(items, initial={"revision": self.application.revision})
        return self.form_class(items, data)

    def asks(self, form: forms.Form) -> Question:
        return self.question(form.cleaned_data["decision"])

    def carry_out(self, form: forms.Form) -> HttpResponse:
        try:
            return self.decide(form.cleaned_data)
        except RuleBroken:
            self.application = application_or_404(self.actor, self.application.uuid)
            raise

    def decide(self, words: dict[str, Any]) -> HttpResponse:
        """Calls the verb and gives the redirect."""
        raise NotImplementedError

    def question(self, decision: str) -> Question:
        """What is asked before a decision."""
        raise NotImplementedError

    def why_not(self) -> str:
        """Why this person may not decide on this application; empty if they may."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        application, reason = self.application, self.why_not()
        is_waiting = application.state == self.waiting
        return {
            "application": application,
            "term": term_of(application, clock.today()),
            "names": "、".join(holder.name for holder in application.holders),
            "clock": applications.clock_of(application),
            "why_not": reason,
            "may_decide": is_waiting and not reason,
            "is_waiting": is_waiting,
            "attachments": list(application.attachments.order_by("attached_at", "pk")),
            "materials": states_of(application),
            "reviews": list(applications.reviews_of(application)),
        }

    def asked(
        self,
        question: str,
        verb: str,
        consequences: Sequence[str],
        *,
        undo: str = "",
        stop: bool = False,
    ) -> Question:
        """A question of this page: on its way back nothing is lost."""
        return Question(
            question=question,
            consequences=consequences,
            verb=verb,
            back=self.request.path,
            back_words="返回修改",
            undo=undo,
            references=("M.7",),
            stop=stop,
        )

    def refusing(self, noted: str) -> Question:
        """What is asked before an application is refused, at review as at sign-off."""
        lines = [
            "这一件就此终结，不会生成证照。",
            f"您写的理由发给{self.clerk}，由其告知申请人。",
            noted,
        ]
        return self.asked("不予通过这一件？", "不予通过", lines, undo="终结后不能恢复。", stop=True)

    @property
    def clerk(self) -> str:
        """Who is told: the capturer."""
        clerk = self.application.captured_by
        return clerk.name if clerk else "采集人"


class ReviewPage(DecisionPage):
    """One application under review."""

    capability = Capability.REVIEW_APPLICATIONS
    action = Action.APPLICATION_APPROVED
    template_name = "licences/review.html"
    waiting = "UNDER_REVIEW"

    def context(self) -> dict[str, Any]:
        lines = compare(self.application, dict(self.opened))
        context = super().context()
        return {
            **context,
            "lines": lines,
            "to_judge": sum(line.verdict == DIFFERS for line in lines),
            "without_source": sum(line.verdict == UNKNOWN for line in lines),
            "shown": _chosen(context["attachments"], self.request.GET.get("source", "")),
            "next": applications.next_to_review(self.actor, self.application),
            "faults": faults_of(self.application),
        }

    def why_not(self) -> str:
        """The capturer's own application goes to somebody else (M.7)."""
        hands = {self.application.received_by_id, *self.application.capturers}
        return reviewing.OWN_APPLICATION if self.actor.account_id in hands else ""

    def question(self, decision: str) -> Question:
        noted = "您的意见和姓名记入操作记录。"
        if decision == "approve":
            lines = ["办件交签发人签批，签发后才生成证照。", noted]
            return self.asked("审核通过这一件？", "审核通过", lines)
        if decision == "send_back":
            lines = [
                f"办件回到{self.clerk}的工作台，标为“退回补正”。",
                "您写的理由原样发给采集人。",
                "改好后要重新提交、重新审核；时限不停。",
                noted,
            ]
            return self.asked("退回这一件？", "退回补正", lines)
        return self.refusing(noted)

    def decide(self, words: dict[str, Any]) -> HttpResponse:
        """Approves, sends back or refuses; then on to the next application."""
        application, decision = self.application, words["decision"]
        judge(self, application, decision, words["revision"], words)
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

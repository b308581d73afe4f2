"""Appointing an agent, giving a helper, adding a child (M.20)."""

from datetime import date
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse

from usage.mandates.children import add_child
from usage.mandates.pages.forms import ChildForm, GiveForm
from usage.mandates.pages.people import to_people
from usage.verifying.rate_limits import PEOPLE, spend
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.views import FormPage
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.mandates.giving import Named, appoint_agent, give_helper
from zezhou_portal.parties.mandates.rules import given_by_head, in_words, year_from
from zezhou_portal.parties.models import HolderKind, Mandate
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import NotPermitted


class _StepPage(FormPage):
    """One step that lets a person act for another: what it does stands under the form."""

    template_name = "usage/mandates/give.html"
    heading: ClassVar[str]
    verb: ClassVar[str]
    back_words: ClassVar[str]
    effects_title: ClassVar[str]
    effects: ClassVar[tuple[str, ...]]

    def context(self) -> dict[str, Any]:
        return {
            "heading": self.heading,
            "lead": self.lead(),
            "verb": self.verb,
            "back_words": self.back_words,
            "effects_title": self.effects_title,
            "effects": self.effects,
        }

    def lead(self) -> str:
        """For whom, and on what grounds."""
        raise NotImplementedError


class _Give(_StepPage):
    """A person named by number, what they may do, until when."""

    form_class = GiveForm

    def initial(self) -> dict[str, Any]:
        return {"until_on": year_from(clock.today()), "powers": ["show"]}

    def carry_out(self, form: Form) -> HttpResponse:
        words = form.cleaned_data
        spend(PEOPLE, self.actor.key)
        named = Named(words["name"], words["citizen_id"])
        row = self.give(named, words["powers"], words["until_on"])
        until = f"到 {in_words(row.until_on)}为止" if row.until_on else ""
        messages.success(self.request, f"已委托{row.agent.name}，{until}\n双方都会收到消息。")
        return to_people()

    def give(self, named: Named, powers: list[str], until_on: date) -> Mandate:
        """Calls the verb."""
        raise NotImplementedError


class AppointAgent(_Give):
    """The legal representative appoints an agent of the enterprise."""

    action = Action.AGENT_APPOINTED
    holder = "because the legal representative appoints agents"
    heading = "委托经办人"
    verb = "委托"
    back_words = "不委托，返回"
    effects_title = "委托以后"
    effects = (
        "他用自己的实名登录，切换到企业，只能办您勾选的。",
        "他不能再委托别人。",
        "双方都会收到消息；您和他随时可以结束，马上生效。",
    )

    def prepare(self, **kwargs: Any) -> None:  # noqa: ARG002
        here = self.holder_session
        if here.is_self or here.principal.kind == HolderKind.NATURAL_PERSON:
            raise NotPermitted("", "这一步代企业办。请先切换到企业，再委托经办人。")
        if not self.actor.has(Capability.GIVE_MANDATES.value):
            raise NotPermitted(
                Capability.GIVE_MANDATES.value,
                given_by_head(here.principal),
            )

    def lead(self) -> str:
        return f"替{self.holder_session.principal.name}办"

    def give(self, named: Named, powers: list[str], until_on: date) -> Mandate:
        """Appoints."""
        return appoint_agent(actor=self.actor, agent=named, powers=powers, until_on=until_on)


class _Own(_StepPage):
    """What a person does for themselves only."""

    def prepare(self, **kwargs: Any) -> None:  # noqa: ARG002
        if not self.holder_session.is_self:
            raise NotPermitted("", "这一步只能为自己办。请先切换到“我自己”。")


class GiveHelper(_Own, _Give):
    """A person lets an adult of the family help."""

    holder = "because a person chooses who helps them"
    heading = "委托家人帮办"
    verb = "同意委托"
    back_words = "不委托，返回"
    effects_title = "按“同意委托”就是您本人同意"
    effects = (
        "家人用自己的实名登录，切换到您，只能办您勾选的。",
        "每次出示，您的“使用记录”里都看得到。",
        "双方都会收到消息；您随时可以结束，马上生效。",
    )

    def lead(self) -> str:
        return "请一位年满 18 周岁的家人，帮您办您自己的证照"

    def give(self, named: Named, powers: list[str], until_on: date) -> Mandate:
        """Gives."""
        return give_helper(actor=self.actor, helper=named, powers=powers, until_on=until_on)


class AddChild(_Own):
    """A parent adds a child by the birth certificate."""

    holder = "because a parent shows the licences of their children"
    action = Action.CHILD_ADDED
    heading = "添加孩子"
    verb = "添加"
    back_words = "不添加，返回"
    effects_title = "添加以后"
    effects = (
        "到孩子满 18 周岁的前一天自动结束，往后由孩子本人实名登录。",
        "父母各自添加，互不影响。",
        "没有出生医学证明，或者对不上的，带户口簿和身份证到窗口登记。",
    )
    form_class = ChildForm

    def lead(self) -> str:
        return "出生医学证明上写的父亲或者母亲是您，就能替孩子查看和出示证照"

    def carry_out(self, form: Form) -> HttpResponse:
        words = form.cleaned_data
        row = add_child(
            actor=self.actor,
            certificate_number=words["certificate_number"],
            child_name=words["child_name"],
        )
        until = f"到 {in_words(row.until_on)}为止" if row.until_on else ""
        messages.success(
            self.request, f"已添加{row.principal.name}，{until}\n切换过去就能查看和出示孩子的证照。"
        )
        return to_people()

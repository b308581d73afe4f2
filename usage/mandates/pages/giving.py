"""Appointing an agent, giving a helper, adding a child (M.20)."""

from datetime import date
from typing import Any

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
from zezhou_portal.parties.mandates.rules import in_words, year_from
from zezhou_portal.parties.models import HolderKind, Mandate
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import NotPermitted


class _Give(FormPage):
    """A person named by number, what they may do, until when."""

    form_class = GiveForm

    def initial(self) -> dict[str, Any]:
        return {"until_on": year_from(clock.today()), "powers": ["show"]}

    def context(self) -> dict[str, Any]:
        return {"here": self.holder_session}

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
    template_name = "usage/mandates/agent.html"

    def prepare(self, **kwargs: Any) -> None:  # noqa: ARG002
        here = self.holder_session
        if here.is_self or here.principal.kind == HolderKind.NATURAL_PERSON:
            raise NotPermitted("", "这一步代企业办。请先切换到企业，再委托经办人。")
        if not self.actor.has(Capability.GIVE_MANDATES.value):
            raise NotPermitted(
                Capability.GIVE_MANDATES.value,
                "企业的委托由法定代表人办。请法定代表人用企业身份登录后办理。",
            )

    def give(self, named: Named, powers: list[str], until_on: date) -> Mandate:
        """Appoints."""
        return appoint_agent(actor=self.actor, agent=named, powers=powers, until_on=until_on)


class _Own(FormPage):
    """What a person does for themselves only."""

    def prepare(self, **kwargs: Any) -> None:  # noqa: ARG002
        if not self.holder_session.is_self:
            raise NotPermitted("", "这一步只能为自己办。请先切换到“我自己”。")


class GiveHelper(_Own, _Give):
    """A person lets an adult of the family help."""

    holder = "because a person chooses who helps them"
    template_name = "usage/mandates/helper.html"

    def give(self, named: Named, powers: list[str], until_on: date) -> Mandate:
        """Gives."""
        return give_helper(actor=self.actor, helper=named, powers=powers, until_on=until_on)


class AddChild(_Own):
    """A parent adds a child by the birth certificate."""

    holder = "because a parent shows the licences of their children"
    action = Action.CHILD_ADDED
    template_name = "usage/mandates/child.html"
    form_class = ChildForm

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

"""Telling both sides of a mandate that it was given or has ended (M.20).

An enterprise reads its own inbox, and so does the person who represents it: what is done in its
name must reach somebody.
"""

from django.urls import reverse

from zezhou_portal.kernel import clock
from zezhou_portal.parties.mandates.rules import in_words, why_ended
from zezhou_portal.parties.mandates.selectors import live
from zezhou_portal.parties.models import Holder, HolderKind, Mandate, MandateKind, Power
from zezhou_portal.parties.notices.services import tell_holder
from zezhou_portal.regulation.actions import Action


def tell_given(mandate: Mandate, *, at: str = "") -> None:
    """Tells both sides who may act for whom, until when; `at` is the window, where it was one.

    Belongs to the caller's transaction; each is told once. Article: M.20.
    """
    principal, agent = mandate.principal, mandate.agent
    powers = "、".join(Power(one).label for one in mandate.powers)
    until = f"到 {in_words(mandate.until_on)}为止" if mandate.until_on else "没有截止日"
    where = f"在{at}的窗口登记。" if at else ""
    how = f"可以{powers}，{until}。{where}"
    _tell(
        mandate,
        Action.MANDATE_GIVEN,
        (f"{agent.name}可以代您办了", f"{agent.name}{how}不是您的意思，请马上结束。"),
        (f"您可以代{principal.name}办了", f"您{how}不愿意代办，可以退回。"),
    )


def tell_ended(mandate: Mandate) -> None:
    """Tells both sides that a mandate counts no more, and why. Article: M.20."""
    principal, agent = mandate.principal, mandate.agent
    why = why_ended(mandate, clock.today())
    after = "正在出示的证照也同时停止。"
    _tell(
        mandate,
        Action.MANDATE_ENDED,
        (f"{agent.name}不再代您办", f"{why}。{agent.name}不能再查看、出示您的证照，{after}"),
        (f"您不再代{principal.name}办", f"{why}。您不能再查看、出示这些证照，{after}"),
    )


def _tell(
    mandate: Mandate, action: Action, principal: tuple[str, str], agent: tuple[str, str]
) -> None:
    said = {mandate.agent: agent}
    for holder in _sides_of(mandate):
        said.setdefault(holder, principal)
    for holder, (title, body) in said.items():
        tell_holder(
            holder=holder,
            action=action,
            title=title,
            body=body,
            link=reverse("usage:people"),
            key=f"{action.code}:{mandate.uuid}",
            subject=mandate.subject,
        )


def _sides_of(mandate: Mandate) -> list[Holder]:
    """The principal; for an enterprise also who represents it now."""
    sides = [mandate.principal]
    if mandate.principal.kind != HolderKind.NATURAL_PERSON:
        rows = live(clock.today()).filter(kind=MandateKind.LEGAL_REPRESENTATIVE)
        standing = rows.filter(principal_id=mandate.principal_id).select_related("agent")
        sides += [row.agent for row in standing]
    return sides

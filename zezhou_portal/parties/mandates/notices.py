"""Telling both sides of a mandate that it was given or has ended (M.20).

An enterprise reads its own inbox, and so does the person who represents it: what is done in its
name must reach somebody.
"""

from django.urls import reverse

from zezhou_portal.kernel import clock
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.mandates.rules import ENDING_WORDS, Ending, in_words, why_ended
from zezhou_portal.parties.mandates.selectors import live
from zezhou_portal.parties.models import (
    Holder,
    HolderKind,
    Mandate,
    MandateKind,
    Power,
    known_as,
)
from zezhou_portal.parties.notices import texts
from zezhou_portal.parties.notices.services import tell, tell_holder
from zezhou_portal.regulation.actions import Action


def tell_given(mandate: Mandate) -> None:
    """Tells both sides who may act for whom, and until when.

    Belongs to the caller's transaction; each is told once. Article: M.20.
    """
    _tell_both(mandate, Action.MANDATE_GIVEN, "")


def tell_proposed(mandate: Mandate) -> None:
    """Tells the principal, by message and text, what a window proposes in their name.

    A child's parents are told too. The agent is told once it counts. Article: M.20.
    """
    agent, where = mandate.agent, _window(mandate)
    last = in_words(mandate.confirm_by) if mandate.confirm_by else ""
    body = (
        f"{where}登记了由{agent.name}代您办：{_how(mandate)}。现在还没有生效，要在{last}以前由"
        "另一位工作人员确认，或者您本人同意。不是您的意思，请马上在“代办”里不同意，或者打电话给窗口。"
    )
    for holder in [*_sides_of(mandate), *_guardians_of(mandate)]:
        _tell_one(mandate, Action.MANDATE_RECORDED, holder, "窗口登记了一份代办，等确认", body)
    _text(mandate, Action.MANDATE_RECORDED, f"{where}登记了一份由他人代您办理的代办，还没有生效。")


def tell_confirmers(mandate: Mandate) -> None:
    """Tells the department's other clerks that a proposal waits for one of them. Article: M.20."""
    tell(
        department=mandate.recording_department,
        capability=Capability.RECORD_MANDATES,
        action=Action.MANDATE_RECORDED,
        title="有一份代办登记等确认",
        body=f"{mandate.get_kind_display()}的代办，请另一位工作人员核对同意书后确认或者不予确认。",
        link=reverse("usage:window-mandate", args=[mandate.uuid]),
        subject=mandate.subject,
    )


def tell_confirmed(mandate: Mandate) -> None:
    """Tells both sides, the principal by text too, that what a window proposed counts.

    Article: M.20.
    """
    where = _window(mandate)
    _tell_both(mandate, Action.MANDATE_CONFIRMED, f"由{where}登记。")
    _text(mandate, Action.MANDATE_CONFIRMED, f"{where}登记的由他人代您办理的代办已经生效。")


def tell_undone(mandate: Mandate) -> None:
    """Tells the principal, and the clerk who proposed it, that a proposal never counts.

    Article: M.20.
    """
    why = ENDING_WORDS[Ending(mandate.end_reason)]
    title = "窗口登记的代办没有生效"
    body = f"{_window(mandate)}登记的由{mandate.agent.name}代您办，没有生效：{why}。"
    for holder in [*_sides_of(mandate), *_guardians_of(mandate)]:
        _tell_one(mandate, Action.MANDATE_ENDED, holder, title, body)
    if mandate.recorded_by is not None:
        tell(
            account=mandate.recorded_by,
            department=mandate.recording_department,
            action=Action.MANDATE_ENDED,
            title=title,
            body=f"您登记的一份{mandate.get_kind_display()}的代办没有生效：{why}。",
            link=reverse("usage:window-mandate", args=[mandate.uuid]),
            subject=mandate.subject,
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


def _tell_both(mandate: Mandate, action: Action, where: str) -> None:
    """Both sides of a mandate that counts: who may do what, until when."""
    principal, agent, how = mandate.principal, mandate.agent, f"{_how(mandate)}。{where}"
    _tell(
        mandate,
        action,
        (f"{agent.name}可以代您办了", f"{agent.name}{how}不是您的意思，请马上结束。"),
        (f"您可以代{principal.name}办了", f"您{how}不愿意代办，可以退回。"),
    )


def _tell(
    mandate: Mandate, action: Action, principal: tuple[str, str], agent: tuple[str, str]
) -> None:
    said = {mandate.agent: agent}
    for holder in _sides_of(mandate):
        said.setdefault(holder, principal)
    for holder, (title, body) in said.items():
        _tell_one(mandate, action, holder, title, body)


def _tell_one(mandate: Mandate, action: Action, holder: Holder, title: str, body: str) -> None:
    tell_holder(
        holder=holder,
        action=action,
        title=title,
        body=body,
        link=reverse("usage:people"),
        key=f"{action.code}:{mandate.uuid}",
        subject=mandate.subject,
    )


def _text(mandate: Mandate, action: Action, words: str) -> None:
    """A text to the principal's phone, where one is known."""
    more = "不是您的意思，请登录门户在“代办”里处理，或者拨打 12345。"
    key = f"{action.code}:{mandate.uuid}"
    texts.write([texts.Text(key, mandate.principal.phone, f"【泽州县电子证照】{words}{more}")])


def _how(mandate: Mandate) -> str:
    powers = "、".join(Power(one).label for one in mandate.powers)
    until = f"到 {in_words(mandate.until_on)}为止" if mandate.until_on else "没有截止日"
    return f"可以{powers}，{until}"


def _window(mandate: Mandate) -> str:
    place = mandate.recording_department
    return f"{place.name}的窗口" if place is not None else "窗口"


def _guardians_of(mandate: Mandate) -> list[Holder]:
    """Who acts for the principal as a parent now, and is told of another one."""
    if mandate.kind != MandateKind.GUARDIAN:
        return []
    rows = live(clock.today()).filter(
        known_as("principal", mandate.principal_id), kind=MandateKind.GUARDIAN
    )
    return [row.agent for row in rows.select_related("agent")]


def _sides_of(mandate: Mandate) -> list[Holder]:
    """The principal; for an enterprise also who represents it now."""
    sides = [mandate.principal]
    if mandate.principal.kind != HolderKind.NATURAL_PERSON:
        rows = live(clock.today()).filter(kind=MandateKind.LEGAL_REPRESENTATIVE)
        standing = rows.filter(principal_id=mandate.principal_id).select_related("agent")
        sides += [row.agent for row in standing]
    return sides

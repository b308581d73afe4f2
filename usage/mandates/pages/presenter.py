"""A mandate as a page names it: whom, on what footing, with what powers, until when (M.20)."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from zezhou_portal.kernel import clock
from zezhou_portal.parties.mandates.rules import in_words, why_ended
from zezhou_portal.parties.models import Basis, HolderKind, Mandate, MandateKind, Power

# From how many days on the rest is counted out.
_SOON = 90
# What the agent is to the principal, seen from either side.
_THEY_ARE = {
    MandateKind.AGENT: "经办人",
    MandateKind.GUARDIAN: "父母（监护人）",
    MandateKind.HELPER: "帮办的家人",
}
_ICONS = {
    MandateKind.LEGAL_REPRESENTATIVE: "building-2",
    MandateKind.AGENT: "briefcase-business",
    MandateKind.GUARDIAN: "baby",
    MandateKind.HELPER: "heart-handshake",
}


@dataclass(frozen=True, kw_only=True)
class MandateRow:
    """One mandate in a list."""

    key: UUID
    icon: str
    powers: str
    until: str
    left: str
    name: str = ""
    relation: str = ""
    note: str = ""
    may_end: bool = False
    is_current: bool = False
    may_agree: bool = False


def held(mandate: Mandate, today: date, *, current: Mandate | None) -> MandateRow:
    """As the agent sees it: in whose place they may act."""
    kind = MandateKind(mandate.kind)
    return replace(
        _terms(mandate, today),
        name=mandate.principal.name,
        relation=_i_am(mandate),
        may_end=kind is not MandateKind.LEGAL_REPRESENTATIVE,
        is_current=current is not None and current.pk == mandate.pk,
    )


def given(mandate: Mandate, today: date) -> MandateRow:
    """As the principal sees it: who may act for them, and whose act it was."""
    kind = MandateKind(mandate.kind)
    return replace(
        _terms(mandate, today),
        name=mandate.agent.name,
        relation=_they_are(mandate),
        may_end=kind in {MandateKind.AGENT, MandateKind.HELPER},
        note=_origin(mandate),
    )


def proposed(mandate: Mandate, today: date) -> MandateRow:
    """As the principal sees what a window proposed: whom, where, until when to say so."""
    last = f"，{in_words(mandate.confirm_by)}以前没有人确认就作废" if mandate.confirm_by else ""
    return replace(
        _terms(mandate, today),
        name=mandate.agent.name,
        relation=_they_are(mandate),
        note=f"{_origin(mandate)}，还没有生效{last}",
        left="",
        may_agree=mandate.kind == MandateKind.HELPER,
    )


def both(mandate: Mandate) -> str:
    """Who for whom, in a few words."""
    return f"{mandate.agent.name}代{mandate.principal.name}办"


def over(mandate: Mandate, today: date, person_id: int) -> MandateRow:
    """One that has ended, with the day and the reason."""
    is_agent = mandate.agent_id == person_id
    day = clock.beijing_day(mandate.ended_at) if mandate.ended_at else mandate.until_on
    return replace(
        _terms(mandate, today),
        name=mandate.principal.name if is_agent else mandate.agent.name,
        relation=_i_am(mandate, "您曾是") if is_agent else f"曾是{_they_are(mandate)}",
        note=why_ended(mandate, today),
        until=f"{in_words(day)}结束" if day else "",
        left="",
    )


def _they_are(mandate: Mandate) -> str:
    represents = mandate.kind == MandateKind.LEGAL_REPRESENTATIVE
    return mandate.footing if represents else _THEY_ARE[MandateKind(mandate.kind)]


def _i_am(mandate: Mandate, begins: str = "您是") -> str:
    return begins + _they_are(mandate)


def _terms(mandate: Mandate, today: date) -> MandateRow:
    """What is the same from either side: powers, and until when."""
    until, left = "没有截止日，随企业登记", ""
    if mandate.until_on is not None:
        until = f"到 {in_words(mandate.until_on)}为止"
        days = (mandate.until_on - today).days
        left = f"还有 {days} 天" if 0 < days <= _SOON else "今天是最后一天" if days == 0 else ""
    return MandateRow(
        key=mandate.uuid,
        icon=_ICONS[MandateKind(mandate.kind)],
        powers="、".join(Power(one).label for one in mandate.powers),
        until=until,
        left=left,
    )


def _origin(mandate: Mandate) -> str:
    """Where a mandate comes from, if not from the principal's own hand."""
    if mandate.basis == Basis.WINDOW and mandate.recording_department is not None:
        return f"在{mandate.recording_department.name}的窗口登记"
    if mandate.basis == Basis.BIRTH_CERTIFICATE:
        return "依据出生医学证明"
    enterprise = mandate.principal.kind != HolderKind.NATURAL_PERSON
    if enterprise and mandate.given_by is not None:
        return f"由{mandate.given_by.name}委托"
    return ""

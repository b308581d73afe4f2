"""A licence as a card of the wallet: what it says, and what can be done with it.

A card lies open where others look over one's shoulder: no personal identifiers, and the names
of people who hold it too are masked (ours, M.22).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from licences.models import Licence, LicenceHolder
from licences.register.pages.marks import Chip, chips_of, shown_state
from usage.verifying.register_status import without_identity
from usage.wallet.selectors import ENDED, ended_at, is_off
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.masking import mask_name
from zezhou_portal.parties.models import HolderKind

# The paper of a card by what its kind's name speaks of (ui.md 2); everything else is azure.
_PAPERS = (
    ("ochre", ("营业执照", "登记证书", "法人证书", "代码证")),
    ("crimson", ("不动产", "婚", "出生")),
    ("bamboo", ("取水", "林", "农", "动物", "种子", "渔")),
)
_END_WORDS = {
    "CANCELLED": "注销日期",
    "REVOKED": "吊销日期",
    "ANNULLED": "废止日期",
    "DETAINED": "暂扣日期",
}


@dataclass(frozen=True)
class Act:
    """One thing to do with a card."""

    url: str
    words: str
    icon: str = ""
    is_first: bool = False


@dataclass(frozen=True)
class Card:
    """A card as its template shows it."""

    licence: Licence
    tint: str
    state: str
    who: str
    together: str
    number: str
    chips: Sequence[Chip]
    until_words: str
    until: date | None
    is_ended: bool
    is_off: bool
    acts: Sequence[Act]

    @property
    def until_said(self) -> str:
        """The day in words; a licence without a last day is good for long."""
        day = self.until
        return f"{day.year}年{day.month}月{day.day}日" if day else "长期"


def card_of(licence: Licence, actor: Actor) -> Card:
    """The card of a licence from `usage.wallet.selectors.cards_of`, as one holder sees it."""
    state = shown_state(licence)
    off = is_off(licence)
    chips = list(chips_of(licence))
    if off and state == "IN_FORCE":
        chips.append(Chip(words="已关闭亮证", icon="eye-off", voice=""))
    who, together = held_by_words(licence, actor)
    until_words, until = _until(licence, state)
    return Card(
        licence=licence,
        tint=paper_of(licence.kind_name),
        state=state,
        who=who,
        together=together,
        number=without_identity(licence.number),
        chips=chips,
        until_words=until_words,
        until=until,
        is_ended=state in ENDED,
        is_off=off,
        acts=_acts(licence, state, actor, off=off),
    )


def paper_of(kind: str) -> str:
    """Which paper a kind of licence is drawn on."""
    return next((tint for tint, words in _PAPERS if any(one in kind for one in words)), "azure")


def held_by_words(licence: Licence, actor: Actor) -> tuple[str, str]:
    """Whose name stands on the card, and with whom it is held: others' names are masked."""
    links: Sequence[LicenceHolder] = getattr(licence, "links", ())
    if len(links) < 2:
        return licence.holder_names, ""
    own = [
        one.holder.name
        for one in links
        if actor.principal_id in {one.holder_id, one.holder.same_as_id}
    ]
    others = [
        mask_name(one.holder.name)
        if one.holder.kind == HolderKind.NATURAL_PERSON
        else one.holder.name
        for one in links
        if actor.principal_id not in {one.holder_id, one.holder.same_as_id}
    ]
    return "、".join(own), f"与{'、'.join(others)}共同持有" if others else ""


def _until(licence: Licence, state: str) -> tuple[str, date | None]:
    since = ended_at(licence)
    if state in _END_WORDS and since is not None:
        return _END_WORDS[state], clock.beijing_day(since)
    return ("有效期至" if licence.valid_until else "有效期"), licence.valid_until


def guide_of(licence: Licence) -> str:
    """How the kind is got from the department that issued this one."""
    department = licence.issuing_department
    return reverse("licences:kind-of", args=[licence.type_code, department.credit_code])


def _acts(licence: Licence, state: str, actor: Actor, *, off: bool) -> list[Act]:
    look = Act(reverse("usage:card", args=[licence.uuid]), "查看")
    if state in ENDED:
        return [Act(guide_of(licence), "怎么重新办"), look]
    begun = licence.valid_from is None or licence.valid_from <= clock.today()
    if state != "IN_FORCE" or not begun or not actor.has(Capability.PRESENT_OWN_LICENCES.value):
        return [look]
    if off:
        return [Act(reverse("usage:presentation-on", args=[licence.uuid]), "打开亮证", "eye"), look]
    shown = f"{reverse('usage:show')}?{urlencode({'licence': licence.uuid})}"
    return [Act(shown, "亮证", "qr-code", is_first=True), look]

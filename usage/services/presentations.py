"""Showings: opened, given a new code each minute, agreed to, stopped, lapsed (P.2.3.2, P.2.3.3).

A showing is read once (`usage.services.reading`). Its code can only be made by the portal, from
the showing's key: no secret is stored, so the page can show the present code again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from audit.trail.recording import acting
from licences.models import Licence, LicenceVersion
from licences.selectors.register import is_in_force
from licences.selectors.visible import licences_held
from licences.services.registering import subject_of as licence_subject
from licences.services.showing import entry_of
from usage import codes
from usage.lifecycle import PRESENTATION
from usage.models import (
    LIVE,
    Presentation,
    PresentationCode,
    PresentedLicence,
    ShowingOff,
)
from usage.rules.items import showable
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, machine
from zezhou_portal.kernel.locks import lock, lock_all
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.access import people_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Holder
from zezhou_portal.parties.selectors.mandates import mandate_between
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.limits import (
    CODE_GRACE,
    CODE_RENEWED_EVERY,
    CODES_KEPT,
    LICENCES_IN_A_SHOWING,
    SHOWING_LASTS,
    SHOWING_LASTS_ELDER,
)

_TRIES = 5
_CHUNK = 200


@dataclass(frozen=True)
class Chosen:
    """A licence to be shown, and the keys of the items that are to be seen."""

    licence: Licence
    items: Sequence[str]


@dataclass(frozen=True)
class Current:
    """The code on the screen now, and when the next one comes."""

    code: codes.Made
    renews_at: datetime


def subject_of(row: Presentation) -> Subject:
    """How the trail names a showing: nothing of its holder."""
    return Subject("presentation", str(row.uuid))


def present(
    *, actor: Actor, chosen: Sequence[Chosen], asks_consent: bool = False, elder: bool = False
) -> Presentation:
    """Opens a showing of one or several licences and gives it its first code.

    A person shows one thing at a time: an earlier showing of theirs is stopped in the same act.
    Only what is in force and not switched off is shown. Raises RuleBroken with the sentence for
    the page. Article: P.2.3.2, P.2.3.3.
    """
    with acting(actor, Action.SHOWING_OPENED) as act:
        permit(actor, Capability.SHOW_OWN_LICENCES)
        presenter, principal = people_of(actor)
        lock(Holder.objects.all(), pk=presenter)
        rows = _showable(actor, chosen)
        now = clock.now()
        stopped = _stop_earlier(actor, now)
        row = Presentation.objects.create(
            presenter_id=presenter,
            principal_id=principal,
            mandate=mandate_between(presenter, principal, clock.today()),
            asks_consent=asks_consent,
            is_elder=elder,
            opened_at=now,
            ends_at=now + (SHOWING_LASTS_ELDER if elder else SHOWING_LASTS),
        )
        PresentedLicence.objects.bulk_create(
            PresentedLicence(
                presentation=row, licence=version.licence, version=version, items=items, place=place
            )
            for place, (version, items) in enumerate(rows)
        )
        _give_code(row, now)
        act.about(subject_of(row))
        act.note("until", row.ends_at.isoformat())
        act.note("stopped", stopped)
        for version, items in rows:
            act.also(
                licence_subject(version.licence),
                {"version": version.no, "items": items, "consent": asks_consent},
            )
    return row


def current_code(*, actor: Actor, presentation: Presentation) -> Current | None:
    """The code that the screen shows now; a new one once a minute is over; None at the end.

    Article: P.2.3.3.
    """
    now = clock.now()
    if presentation.state != "OPEN" or now >= presentation.ends_at:
        return None
    newest = presentation.codes.order_by("-issued_at", "-pk").first()
    if newest is not None and now < newest.issued_at + CODE_RENEWED_EVERY:
        return _as_current(presentation, newest)
    with acting(actor, Action.SHOWING_RENEWED, subject_of(presentation)) as act:
        permit(actor, Capability.SHOW_OWN_LICENCES)
        row = lock(_own(actor), pk=presentation.pk)
        if row.state != "OPEN" or now >= row.ends_at:
            return None
        newest = row.codes.order_by("-issued_at", "-pk").first()
        if newest is None or now >= newest.issued_at + CODE_RENEWED_EVERY:
            newest = _give_code(row, now)
        act.note("place", newest.place)
    return _as_current(row, newest)


def withdraw(*, actor: Actor, presentation: Presentation) -> Presentation:
    """Stops a showing: its code reads no more. Article: P.2.3.3."""
    return _close(actor, presentation, "withdraw", Action.SHOWING_WITHDRAWN)


def agree(*, actor: Actor, presentation: Presentation) -> Presentation:
    """Says yes to the reader who asked: what was chosen goes out to them, once.

    Article: P.2.3.3.
    """
    with acting(actor, Action.SHOWING_AGREED, subject_of(presentation)) as act:
        permit(actor, Capability.SHOW_OWN_LICENCES)
        row = lock(_own(actor), pk=presentation.pk)
        if clock.now() >= row.ends_at:
            raise RuleBroken("P.2.3.3", "这次亮证已经到时，没有给对方看。需要的话请重新亮证。")
        target = PRESENTATION.move(row.state, "agree")
        act.fact("state", row.state, target)
        act.note("reader", row.reader_name)
        row.state = target
        row.save(update_fields=["state"])
    return row


def decline(*, actor: Actor, presentation: Presentation) -> Presentation:
    """Says no to the reader who asked: nothing was shown. Article: P.2.3.3."""
    return _close(actor, presentation, "decline", Action.SHOWING_DECLINED)


def lapse_due() -> int:
    """Closes showings whose minutes are over; gives how many. Article: P.2.3.3.

    Reading never waits for this: a showing that is over reads no more, whatever its state.
    """
    count = 0
    due = Presentation.objects.filter(state__in=LIVE, ends_at__lt=clock.now()).order_by("ends_at")
    while ids := list(due.values_list("pk", flat=True)[:_CHUNK]):
        with acting(machine("usage.lapse"), Action.SHOWING_LAPSED) as act:
            rows = [
                row
                for row in lock_all(Presentation.objects.filter(pk__in=ids))
                if PRESENTATION.may(row.state, "lapse")
            ]
            for row in rows:
                row.state, row.closed_at = PRESENTATION.move(row.state, "lapse"), clock.now()
            Presentation.objects.bulk_update(rows, ["state", "closed_at"])
            act.note("count", len(rows))
        count += len(rows)
    return count


def erase_old_codes() -> int:
    """Erases the digests of codes that nobody can be holding any more (ours, M.26)."""
    erased, _ = PresentationCode.objects.filter(expires_at__lt=clock.now() - CODES_KEPT).delete()
    return erased


def _showable(actor: Actor, chosen: Sequence[Chosen]) -> list[tuple[LicenceVersion, list[str]]]:
    """The versions and items of what was chosen, each of them the actor's to show."""
    if not chosen:
        raise RuleBroken("P.2.3.3", "还没有选要出示的证照。", fields={"licence": "至少选一份"})
    if len(chosen) > LICENCES_IN_A_SHOWING:
        sentence = f"一次最多出示 {LICENCES_IN_A_SHOWING} 份，现在选了 {len(chosen)} 份。"
        raise RuleBroken("P.2.3.3", sentence, fields={"licence": sentence})
    keys = [one.licence.pk for one in chosen]
    own = set(licences_held(actor).filter(pk__in=keys).values_list("pk", flat=True))
    off = set(
        ShowingOff.objects.filter(
            licence__in=keys, holder_id=people_of(actor)[1], until__isnull=True
        ).values_list("licence_id", flat=True)
    )
    return [_one_showable(one, own, off) for one in chosen]


def _one_showable(one: Chosen, own: set[int], off: set[int]) -> tuple[LicenceVersion, list[str]]:
    licence = one.licence
    if licence.pk not in own:
        raise RuleBroken("M.20", "没有找到这份证照。请回到“我的证照”再选。")
    name = licence.kind_name
    if licence.pk in off:
        raise RuleBroken("P.2.3.3", f"您关闭了{name}的亮证。先在这份证照的页面打开，再来出示。")
    if not is_in_force(licence, clock.today()):
        raise RuleBroken(
            "P.2.3.3",
            f"{name}现在是“{licence.get_state_display()}”或者不在有效期内，不能亮证。"
            "请打开这份证照，看怎么办。",
        )
    version = LicenceVersion.objects.select_related("licence").get(
        licence=licence, no=licence.version_no
    )
    allowed = {item.key for item in showable(entry_of(version).items)}
    return version, [key for key in dict.fromkeys(one.items) if key in allowed]


def _stop_earlier(actor: Actor, now: datetime) -> int:
    earlier = lock_all(Presentation.objects.filter(presenter_id=actor.holder_id, state__in=LIVE))
    for row in earlier:
        row.state, row.closed_at = PRESENTATION.move(row.state, "withdraw"), now
        row.save(update_fields=["state", "closed_at"])
    return len(earlier)


def _give_code(row: Presentation, now: datetime) -> PresentationCode:
    """The next code of a showing; another place where its short number is taken."""
    place = row.codes.count()
    for _ in range(_TRIES):
        made = codes.make(str(row.uuid), place)
        try:
            with transaction.atomic():
                return PresentationCode.objects.create(
                    presentation=row,
                    place=place,
                    secret_index=codes.secret_index(made.secret),
                    number_index=codes.number_index(made.number),
                    issued_at=now,
                    expires_at=min(now + CODE_RENEWED_EVERY + CODE_GRACE, row.ends_at),
                )
        except IntegrityError:
            place += 1000
    raise RuleBroken("P.2.3.3", "现在生成不了亮证码。请稍等一会儿再试。")


def _as_current(row: Presentation, code: PresentationCode) -> Current:
    made = codes.make(str(row.uuid), code.place)
    return Current(made, min(code.issued_at + CODE_RENEWED_EVERY, row.ends_at))


def _own(actor: Actor) -> "QuerySet[Presentation]":
    return Presentation.objects.filter(presenter_id=actor.holder_id or 0)


def _close(actor: Actor, presentation: Presentation, verb: str, action: Action) -> Presentation:
    with acting(actor, action, subject_of(presentation)) as act:
        permit(actor, Capability.SHOW_OWN_LICENCES)
        row = lock(_own(actor), pk=presentation.pk)
        target = PRESENTATION.move(row.state, verb)
        act.fact("state", row.state, target)
        row.state, row.closed_at = target, clock.now()
        row.save(update_fields=["state", "closed_at"])
    return row

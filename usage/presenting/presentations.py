"""Presentations: opened, a new code each minute, agreed to, stopped, lapsed (P.2.3.3).

It is read once (`usage.verifying.redemption`). Its code can only be made by the portal, from
the presentation's key: no secret is stored, so the page can show the present code again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db.models import QuerySet

from audit.trail.recording import Act, acting
from licences.models import Licence, LicenceVersion
from licences.register.visibility import licences_held
from usage.lifecycle import PRESENTATION
from usage.models import LIVE, Presentation, PresentationCode, PresentedLicence
from usage.presenting.presentable import Showable, showables
from usage.queues import LAPSE
from usage.verifying import codes
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, machine
from zezhou_portal.kernel.locks import lock, lock_all
from zezhou_portal.kernel.rows import reason_of, together
from zezhou_portal.parties.access import people_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.mandates.selectors import live
from zezhou_portal.parties.models import Holder, Mandate, Power, known_as
from zezhou_portal.parties.notices import stalled
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, NotPermitted, RuleBroken
from zezhou_portal.regulation.limits import (
    AGREEMENT_COUNTS,
    CODE_GRACE,
    CODE_RENEWED_EVERY,
    CODES_KEPT,
    LICENCES_IN_A_PRESENTATION,
    PRESENTATION_LASTS,
    PRESENTATION_LASTS_ELDER,
)

log = structlog.get_logger(__name__)

_TRIES = 5
_FAR = 1000  # beyond any place that a presentation's minutes reach
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


def present(
    *, actor: Actor, chosen: Sequence[Chosen], asks_consent: bool = False, elder: bool = False
) -> Presentation:
    """Opens a presentation of one or several licences and gives it its first code.

    A person presents one choice at a time: an earlier presentation is stopped in the same act.
    Only what is in force and not switched off is shown; a licence that was chosen twice is shown
    once. Raises RuleBroken with the sentence for the page. Article: P.2.3.2, P.2.3.3.
    """
    with acting(actor, Action.PRESENTATION_OPENED) as act:
        permit(actor, Capability.PRESENT_OWN_LICENCES)
        presenter, principal = people_of(actor)
        lock(Holder.objects.all(), pk=presenter)
        mandate = _mandate(presenter, principal)
        rows = _showable(actor, chosen)
        now = clock.now()
        _stop_earlier(act, presenter, now)
        row = Presentation.objects.create(
            presenter_id=presenter,
            principal_id=principal,
            mandate=mandate,
            asks_consent=asks_consent,
            is_elder=elder,
            opened_at=now,
            ends_at=now + (PRESENTATION_LASTS_ELDER if elder else PRESENTATION_LASTS),
        )
        PresentedLicence.objects.bulk_create(
            PresentedLicence(
                presentation=row, licence=version.licence, version=version, items=items, place=place
            )
            for place, (version, items) in enumerate(rows)
        )
        _give_code(row, now)
        act.set_subject(row.subject)
        act.note("until", row.ends_at.isoformat())
        for version, items in rows:
            act.add_record(
                version.licence.subject,
                {"version": version.no, "items": items, "consent": asks_consent},
            )
    return row


def current_code(*, actor: Actor, presentation: Presentation) -> Current | None:
    """The code that the screen shows now; a new one once a minute is over; None at the end.

    None too where the mandate that it rests on has ended: a code that nobody could read
    is not shown as good. Asked again within the minute it gives the same and writes nothing.
    Article: P.2.3.3.
    """
    _demand_presenter(actor, presentation)
    now = clock.now()
    if not _gives_codes(presentation, now):
        return None
    newest = _newest(presentation)
    if newest is not None and now < newest.issued_at + CODE_RENEWED_EVERY:
        return _as_current(presentation, newest)
    with acting(actor, Action.PRESENTATION_RENEWED, presentation.subject) as act:
        row = lock(_own(actor), pk=presentation.pk)
        if not _gives_codes(row, now):
            act.note("renewed", False)  # noqa: FBT003
            return None
        newest = _newest(row)
        if newest is None or now >= newest.issued_at + CODE_RENEWED_EVERY:
            newest = _give_code(row, now)
        act.note("place", newest.place)
    return _as_current(row, newest)


def withdraw(*, actor: Actor, presentation: Presentation) -> Presentation:
    """Stops a presentation: its code reads no more.

    For whoever opened it, in whosever place they act meanwhile. Article: P.2.3.3.
    """
    return _close(actor, presentation, "withdraw", Action.PRESENTATION_WITHDRAWN)


def agree(*, actor: Actor, presentation: Presentation) -> Presentation:
    """Says yes to the reader who asked: what was chosen goes out to them, once.

    A yes of the last moment still counts long enough for the reader to fetch it.
    Article: P.2.3.3.
    """
    with acting(actor, Action.PRESENTATION_AGREED, presentation.subject) as act:
        _demand_presenter(actor, presentation)
        row = lock(_own(actor), pk=presentation.pk)
        now = clock.now()
        if row.state == "ASKED" and now >= row.ends_at:
            raise RuleBroken("P.2.3.3", "这次亮证已经到时，没有给对方看。需要的话请重新亮证。")
        if not row.is_backed(clock.beijing_day(now)):
            raise RuleBroken("M.20", "您的代办已经结束，没有给对方看。请持证人本人出示。")
        target = PRESENTATION.move(row.state, "agree")
        act.fact("state", row.state, target)
        act.note("reader", row.reader_name)
        row.state, row.ends_at = target, max(row.ends_at, now + AGREEMENT_COUNTS)
        row.save(update_fields=["state", "ends_at"])
    return row


def decline(*, actor: Actor, presentation: Presentation) -> Presentation:
    """Says no to the reader who asked: nothing was shown. Article: P.2.3.3."""
    return _close(actor, presentation, "decline", Action.PRESENTATION_DECLINED)


def lapse_due() -> int:
    """Closes presentations whose minutes are over; gives how many.

    Reading never waits for this: a presentation that is over reads no more, whatever its state.
    Article: P.2.3.3.
    """
    lapsed: list[int] = []
    held = stalled.held_back(LAPSE)
    due = Presentation.objects.filter(state__in=LIVE, ends_at__lte=clock.now())
    while ids := list(
        due.exclude(pk__in=held).order_by("ends_at").values_list("pk", flat=True)[:_CHUNK]
    ):
        failed = together(ids, lambda some: lapsed.append(_lapse(due.filter(pk__in=some))))
        rows = Presentation.objects.in_bulk([one.row for one in failed])
        for one in failed:
            log.error("presentation_not_lapsed", presentation=one.row, exc_info=one.error)
            about = stalled.About(rows[one.row].subject)
            stalled.put_off(LAPSE, one.row, about, reason_of(one.error))
        held |= {one.row for one in failed}
        stalled.went_on(LAPSE, set(ids) - held)
    return sum(lapsed)


def _lapse(due: "QuerySet[Presentation]") -> int:
    with acting(machine("usage.lapse"), Action.PRESENTATION_LAPSED) as act:
        # asked again under the lock: a reader may have asked meanwhile, which gives it time
        rows = lock_all(due)
        for row in rows:
            before, row.state = row.state, PRESENTATION.move(row.state, "lapse")
            row.closed_at = clock.now()
            act.add_record(row.subject, {"state": [before, row.state]})
        Presentation.objects.bulk_update(rows, ["state", "closed_at"])
        act.note("count", len(rows))
    return len(rows)


def erase_old_codes() -> int:
    """Erases the digests of codes that nobody can be holding any more (ours, M.26)."""
    erased, _ = PresentationCode.objects.filter(expires_at__lt=clock.now() - CODES_KEPT).delete()
    return erased


def _mandate(presenter: int, principal: int) -> Mandate | None:
    """The mandate that lets one person show another's licences today; None for one's own.

    Raises NotPermitted where it ended since the page was opened.
    """
    if presenter == principal:
        return None
    found = (
        live(clock.today())
        .filter(known_as("principal", principal), agent_id=presenter)
        .filter(powers__contains=[Power.SHOW.value])
        .order_by("pk")
        .first()
    )
    if found is None:
        words = "您代办的权限已经结束，或者里面没有亮证。请持证人本人办，或者请他改委托。"
        raise NotPermitted(Capability.PRESENT_OWN_LICENCES.value, words)
    return found


def _showable(actor: Actor, chosen: Sequence[Chosen]) -> list[tuple[LicenceVersion, list[str]]]:
    """The versions and items of what was chosen, each of them the actor's to show."""
    wanted = {one.licence.pk: one for one in chosen}
    if not wanted:
        raise FormFault("P.2.3.3", "还没有选要出示的证照。", fields={"licence": "至少选一份"})
    if len(wanted) > LICENCES_IN_A_PRESENTATION:
        sentence = f"一次最多出示 {LICENCES_IN_A_PRESENTATION} 份，现在选了 {len(wanted)} 份。"
        raise FormFault("P.2.3.3", sentence, fields={"licence": sentence})
    own = licences_held(actor).filter(pk__in=wanted)
    found = {one.licence.pk: one for one in showables(own, people_of(actor)[1], clock.today())}
    return [_one_showable(one, found.get(pk)) for pk, one in wanted.items()]


def _one_showable(one: Chosen, found: Showable | None) -> tuple[LicenceVersion, list[str]]:
    if found is None:
        raise RuleBroken("M.20", "没有找到这份证照。请回到“我的证照”再选。")
    if found.why_not:
        sentence = f"{found.licence.kind_name}{found.why_not}，现在不能亮证。其余的可以照样出示。"
        raise RuleBroken("P.2.3.3", sentence, fields={"licence": sentence})
    allowed = {item.key for item in found.items}
    return found.version, [key for key in dict.fromkeys(one.items) if key in allowed]


def _stop_earlier(act: Act, presenter: int, now: datetime) -> None:
    for row in lock_all(Presentation.objects.filter(presenter_id=presenter, state__in=LIVE)):
        before, row.state = row.state, PRESENTATION.move(row.state, "withdraw")
        row.closed_at = now
        row.save(update_fields=["state", "closed_at"])
        facts = {"state": [before, row.state]}
        act.add_record(row.subject, facts, Action.PRESENTATION_WITHDRAWN)


def _gives_codes(row: Presentation, now: datetime) -> bool:
    is_running = row.state == "OPEN" and now < row.ends_at
    return is_running and row.is_backed(clock.beijing_day(now))


def _newest(row: Presentation) -> PresentationCode | None:
    return row.codes.order_by("-issued_at", "-pk").first()


def _give_code(row: Presentation, now: datetime) -> PresentationCode:
    """The next code of a presentation; another place where its short number is taken."""
    place = row.codes.count()
    for _ in range(_TRIES):
        made = codes.make(str(row.uuid), place)
        code, is_new = PresentationCode.objects.get_or_create(
            number_index=codes.number_index(made.number),
            defaults={
                "presentation": row,
                "place": place,
                "secret_index": codes.secret_index(made.secret),
                "issued_at": now,
                "expires_at": min(now + CODE_RENEWED_EVERY + CODE_GRACE, row.ends_at),
            },
        )
        if is_new:
            return code
        place += _FAR
    raise RuleBroken("P.2.3.3", "现在生成不了亮证码。请稍等一会儿再试。")


def _as_current(row: Presentation, code: PresentationCode) -> Current:
    made = codes.make(str(row.uuid), code.place)
    return Current(made, min(code.issued_at + CODE_RENEWED_EVERY, row.ends_at))


def _demand_presenter(actor: Actor, row: Presentation) -> None:
    """Lets whoever opened the presentation go on, and nobody else: not even its holder."""
    if people_of(actor)[0] != row.presenter_id:
        raise NotPermitted(Capability.PRESENT_OWN_LICENCES.value, "这次亮证不是您打开的。")


def _own(actor: Actor) -> "QuerySet[Presentation]":
    return Presentation.objects.filter(presenter_id=people_of(actor)[0]).select_related("mandate")


def _close(actor: Actor, presentation: Presentation, verb: str, action: Action) -> Presentation:
    with acting(actor, action, presentation.subject) as act:
        _demand_presenter(actor, presentation)
        row = lock(_own(actor), pk=presentation.pk)
        target = PRESENTATION.move(row.state, verb)
        act.fact("state", row.state, target)
        row.state, row.closed_at = target, clock.now()
        row.save(update_fields=["state", "closed_at"])
    return row

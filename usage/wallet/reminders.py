"""Reminders before a licence's last day: once for each holder and stage (P.2.3.5).

Stages are days before the last day (ours: 60, 30, 7). Whoever was missed on the very day is told
on the next; a licence that was extended has another last day, so an old stage never comes back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from audit.trail.recording import acting
from licences.models import Licence, LicenceHolder, LicenceVersion
from usage.models import ExpiryReminder
from usage.queues import REMIND
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.locks import lock_all
from zezhou_portal.kernel.rows import Failed, reason_of, together
from zezhou_portal.parties.mandates.selectors import live
from zezhou_portal.parties.models import Holder, HolderKind, MandateKind, Notification
from zezhou_portal.parties.notices import stalled, texts
from zezhou_portal.regulation.actions import Action

log = structlog.get_logger(__name__)

CHUNK = 200
# Who is told for whom: an enterprise through its people, a child through its parents.
_TOLD_FOR = (MandateKind.LEGAL_REPRESENTATIVE, MandateKind.AGENT, MandateKind.GUARDIAN)


@dataclass(frozen=True)
class _Due:
    """A licence, whom to tell of its end, and at which stage."""

    licence: Licence
    holder: Holder
    until: date
    stage: int
    left: int


def stage_of(left: int, stages: Iterable[int]) -> int | None:
    """The stage that `left` days before the end belong to: the nearest one not yet passed.

    None before the first stage and after the last day. Article: P.2.3.5.
    """
    if left < 0:
        return None
    return min((stage for stage in stages if left <= stage), default=None)


def remind_due() -> int:
    """Reminds every holder whose stage has come; gives how many reminders went out.

    Pages by the last id; each chunk is one act, with a record a licence. What runs twice tells
    once. Article: P.2.3.5.
    """
    today, last = clock.today(), 0
    told: list[int] = []
    held = stalled.held_back(REMIND)
    until = today + timedelta(days=max(settings.PORTAL_REMINDER_DAYS, default=0))
    waiting = LicenceVersion.objects.filter(licence=OuterRef("pk"), is_made=False)
    while True:
        ids = list(
            Licence.objects.filter(
                ~Exists(waiting),
                state="IN_FORCE",
                valid_until__gte=today,
                valid_until__lte=until,
                pk__gt=last,
            )
            .order_by("pk")
            .values_list("pk", flat=True)[:CHUNK]
        )
        if not ids:
            return sum(told)
        last = ids[-1]
        trying = [pk for pk in ids if pk not in held]
        failed = together(trying, lambda some: told.append(_remind(some, today)))
        _put_off(failed)
        stalled.went_on(REMIND, set(trying) - {one.row for one in failed})


def _put_off(failed: Sequence[Failed[int]]) -> None:
    """Each licence whose holders could not be told waits by itself, with its own reason."""
    rows = Licence.objects.filter(pk__in=[one.row for one in failed])
    licences = rows.select_related("issuing_department").in_bulk()
    for one in failed:
        row = licences[one.row]
        log.error("holders_not_reminded", licence=row.pk, exc_info=one.error)
        about = stalled.About(
            row.subject, row.issuing_department, reverse("licences:licence", args=[row.identifier])
        )
        stalled.put_off(REMIND, row.pk, about, reason_of(one.error))


def _remind(ids: Sequence[int], today: date) -> int:
    with acting(machine("usage.remind"), Action.EXPIRY_REMINDED) as act:
        rows = lock_all(Licence.objects.filter(pk__in=ids))
        due = _not_told(_due(rows, today))
        now = clock.now()
        ExpiryReminder.objects.bulk_create(
            ExpiryReminder(
                licence=one.licence,
                holder=one.holder,
                valid_until=one.until,
                days=one.stage,
                reminded_at=now,
            )
            for one in due
        )
        Notification.objects.bulk_create(_notices(due), ignore_conflicts=True)
        texts.write([_text(one) for one in due])
        for licence in {one.licence.pk: one.licence for one in due}.values():
            told = [one for one in due if one.licence.pk == licence.pk]
            act.add_record(licence.subject, {"days": told[0].left, "told": len(told)})
        act.note("count", len(due))
    return len(due)


def _due(rows: Sequence[Licence], today: date) -> list[_Due]:
    """Whom to tell of what, in two queries for the chunk."""
    links = LicenceHolder.objects.filter(licence__in=rows).select_related("holder__same_as")
    holders: dict[int, list[Holder]] = {}
    for link in links:
        holders.setdefault(link.licence_id, []).append(link.holder.same_as or link.holder)
    everybody = {one.pk for found in holders.values() for one in found}
    agents: dict[int, list[Holder]] = {}
    principals = Q(principal__in=everybody) | Q(principal__same_as__in=everybody)
    mandates = live(today).filter(principals, kind__in=_TOLD_FOR)
    for mandate in mandates.select_related("agent", "principal"):
        known = mandate.principal.same_as_id or mandate.principal_id
        agents.setdefault(known, []).append(mandate.agent)
    found = []
    for row in rows:
        if row.valid_until is None:
            continue
        left = (row.valid_until - today).days
        stage = stage_of(left, settings.PORTAL_REMINDER_DAYS)
        people = [
            person for one in holders.get(row.pk, []) for person in (one, *agents.get(one.pk, []))
        ]
        if stage is not None:
            unique = {person.pk: person for person in people}
            found += [_Due(row, person, row.valid_until, stage, left) for person in unique.values()]
    return found


def _not_told(due: Sequence[_Due]) -> list[_Due]:
    told = set(
        ExpiryReminder.objects.filter(licence__in={one.licence.pk for one in due}).values_list(
            "licence_id", "holder_id", "valid_until", "days"
        )
    )
    return [one for one in due if (one.licence.pk, one.holder.pk, one.until, one.stage) not in told]


def _key(one: _Due) -> str:
    return f"expiry:{one.licence.uuid}:{one.until}:{one.stage}"


def _notices(due: Sequence[_Due]) -> list[Notification]:
    return [
        Notification(
            holder=one.holder,
            key=_key(one),
            action=Action.EXPIRY_REMINDED.code,
            title=f"{one.licence.kind_name}{_when(one.left)}到期",
            body=f"有效期至 {_day(one)}。要继续用的，请在到期以前向制发单位申请延期。",
            link=reverse("usage:card", args=[one.licence.uuid]),
            subject_kind=one.licence.subject.kind,
            subject_key=one.licence.subject.key,
            is_urgent=one.stage == min(settings.PORTAL_REMINDER_DAYS),
        )
        for one in due
    ]


def _text(one: _Due) -> texts.Text:
    who = "您" if one.holder.kind == HolderKind.NATURAL_PERSON else "贵单位"
    words = (
        f"【泽州县电子证照】{who}的{one.licence.kind_name}{_when(one.left)}到期"
        f"（{_day(one)}）。详情请登录电子证照门户查看。"
    )
    return texts.Text(f"{_key(one)}:{one.holder.uuid}", one.holder.phone, words)


def _when(left: int) -> str:
    return f" {left} 天后" if left else "今天"


def _day(one: _Due) -> str:
    return f"{one.until.year}年{one.until.month}月{one.until.day}日"

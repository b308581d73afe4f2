"""Purpose-marked copies that holders make: for one purpose, until a day, with a code (S.10).

A copy is not kept: it is drawn anew from the frozen version and its own row, each time the same.
The code on it leads to what the register says then, so a copy that outlives its term, its
version or its licence says so itself.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from audit.trail.recording import acting
from licences.models import Licence, LicenceVersion
from licences.production.face.inputs import CannotDraw
from licences.production.rendering import entry_of, marked_copy_of
from licences.register.visibility import demand_held
from usage.models import PurposeCopy
from usage.verifying.codes import ALPHABET, COPY_LENGTH
from usage.wallet.reading import demand_in_force
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.redaction import without_people
from zezhou_portal.parties.access import people_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.limits import COPY_DAYS

PURPOSE_LONGEST = 40


@dataclass(frozen=True)
class Wanted:
    """What a copy is for and the last day it may be used."""

    purpose: str
    last_day: date


def make(*, actor: Actor, licence: Licence, wanted: Wanted) -> PurposeCopy:
    """Makes a copy of a licence in force for one purpose, until a day.

    Raises RuleBroken with the sentence at its field. Article: P.2.3.4, S.10.
    """
    with acting(actor, Action.PURPOSE_COPY_MADE, licence.subject) as act:
        permit(actor, Capability.TAKE_OWN_COPIES)
        person, principal = people_of(actor)
        version = demand_in_force(actor, licence)
        row = PurposeCopy(
            code=fresh_code(),
            licence=licence,
            version=version,
            holder_id=principal,
            made_by_holder_id=person,
            purpose=_purpose(wanted.purpose),
            expires_on=_last_day(wanted.last_day, licence),
            made_at=clock.now(),
        )
        draw(row, version)
        row.save()
        act.note("copy", str(row.uuid))
        act.note("version", version.no)
        act.note("purpose", row.purpose)
        act.note("until", row.expires_on.isoformat())
    return row


def take(*, actor: Actor, copy: PurposeCopy) -> bytes:
    """The copy as PDF, while its term runs and the licence stands as it was copied.

    Article: P.2.3.4, S.10.
    """
    with acting(actor, Action.PURPOSE_COPY_TAKEN, copy.licence.subject) as act:
        permit(actor, Capability.TAKE_OWN_COPIES)
        _demand_own(actor, copy)
        act.note("copy", str(copy.uuid))
        if not is_running(copy):
            raise RuleBroken("S.10", "这份加注件已经过了用期或者已经作废。需要的话重新制作一份。")
        version = demand_in_force(actor, copy.licence)
        if version.pk != copy.version_id:
            raise RuleBroken("S.10", "证照已经换了新版，这份加注件不能再用。请重新制作一份。")
        act.note("purpose", copy.purpose)
        return draw(copy, version)


def end(*, actor: Actor, copy: PurposeCopy) -> PurposeCopy:
    """Ends a copy before its last day: its code says so from now on.

    Article: P.2.3.4, S.10.
    """
    with acting(actor, Action.PURPOSE_COPY_ENDED, copy.licence.subject) as act:
        permit(actor, Capability.TAKE_OWN_COPIES)
        _demand_own(actor, copy)
        row = lock(PurposeCopy.objects.all(), pk=copy.pk)
        if not is_running(row):
            raise RuleBroken("S.10", "这份加注件已经过了用期或者已经作废，不用再办。")
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        act.note("copy", str(row.uuid))
        act.note("purpose", row.purpose)
    return row


def draw(copy: PurposeCopy, version: LicenceVersion) -> bytes:
    """The copy as PDF: its purpose and last day across the face, its own code on it (S.10).

    Raises RuleBroken at the purpose where it holds a character that cannot be printed.
    """
    try:
        return marked_copy_of(
            version, entry_of(version), words=words_of(copy), address=address_of(copy.code)
        )
    except CannotDraw as fault:
        raise RuleBroken("S.10", fault.sentence, fields={"own": fault.sentence}) from fault


def words_of(copy: PurposeCopy) -> str:
    """What lies across the face."""
    day = copy.expires_on
    return f"仅限{copy.purpose}使用 · 有效至{day.year}年{day.month}月{day.day}日"


def address_of(code: str) -> str:
    """Where the code on a copy leads: upper case, so that the QR code stays small."""
    return f"{settings.PORTAL_ADDRESS}/C/{code}".upper()


def fresh_code() -> str:
    """A new copy's code: sixty random bits that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(COPY_LENGTH))


def is_running(copy: PurposeCopy) -> bool:
    """Whether a copy may still be used: neither ended nor past its last day."""
    return copy.ended_at is None and copy.expires_on >= clock.today()


def _demand_own(actor: Actor, copy: PurposeCopy) -> None:
    demand_held(actor, copy.licence)
    if copy.holder_id != people_of(actor)[1]:
        raise RuleBroken("M.20", "没有找到这份加注件。请回到证照页面再选。")


def _purpose(text: str) -> str:
    """The purpose as it is printed: one line, without anybody's number in it."""
    plain = str(without_people(" ".join(text.split())))
    if not plain:
        raise RuleBroken("S.10", "还没有写用途。", fields={"own": "还没有写用途"})
    if len(plain) > PURPOSE_LONGEST:
        sentence = f"用途最多 {PURPOSE_LONGEST} 个字，现在是 {len(plain)} 个字"
        raise RuleBroken("S.10", sentence, fields={"own": sentence})
    return plain


def _last_day(day: date, licence: Licence) -> date:
    today = clock.today()
    last = today + timedelta(days=COPY_DAYS)
    if day < today:
        sentence = "用到的日子已经过了。写今天或者以后的日子"
    elif day > last:
        sentence = f"最多用 {COPY_DAYS} 天，最晚写 {last:%Y-%m-%d}"
    elif licence.valid_until and day > licence.valid_until:
        sentence = f"证照 {licence.valid_until:%Y-%m-%d} 到期，用到的日子不能更晚"
    else:
        return day
    raise RuleBroken("S.10", sentence, fields={"last_day": sentence})

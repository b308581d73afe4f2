"""A purpose-marked copy: what is printed on it, for how long it counts, how it is drawn (S.10).

Made by a holder in the wallet or by a clerk at a window, and drawn alike. It is not kept: it is
drawn anew from the frozen version and its own row, each time the same. The code on it leads to
what the register says then, so a copy that outlives its term, its version or its licence says so
itself.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.conf import settings

from licences.models import Licence, LicenceVersion
from licences.production.face.inputs import CannotDraw
from licences.production.rendering import entry_of, marked_copy_of, marked_face_of
from usage.models import PurposeCopy
from usage.verifying.codes import ALPHABET, COPY_LENGTH
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.redaction import without_people
from zezhou_portal.regulation.errors import FormFault
from zezhou_portal.regulation.limits import COPY_DAYS

PURPOSE_LONGEST = 40


def draw(copy: PurposeCopy, version: LicenceVersion) -> bytes:
    """The copy as PDF: its purpose and last day across the face, its own code on it.

    Raises RuleBroken at the purpose where it holds a character that cannot be printed.
    """
    with _told_at_the_purpose():
        return marked_copy_of(
            version, entry_of(version), words=words_of(copy), address=address_of(copy.code)
        )


def demand_printable(copy: PurposeCopy, version: LicenceVersion) -> None:
    """Raises RuleBroken where `draw` would: the face is placed, which is all that can fail."""
    with _told_at_the_purpose():
        marked_face_of(
            version, entry_of(version), words=words_of(copy), address=address_of(copy.code)
        )


@contextmanager
def _told_at_the_purpose() -> Iterator[None]:
    try:
        yield
    except CannotDraw as fault:
        raise FormFault("S.10", fault.sentence, fields={"purpose": fault.sentence}) from fault


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


def terms_of(licence: Licence, purpose: str, last_day: date | None) -> tuple[str, date]:
    """The purpose as it is printed, without anybody's number in it, and the last day.

    Raises RuleBroken with a sentence for each of the fields `purpose` and `expires_on`.
    """
    plain, faults = str(without_people(" ".join(purpose.split()))), {}
    if not plain:
        faults["purpose"] = "还没有写用途"
    elif len(plain) > PURPOSE_LONGEST:
        faults["purpose"] = f"用途最多 {PURPOSE_LONGEST} 个字，现在是 {len(plain)} 个字"
    if fault := _day_fault(licence, last_day):
        faults["expires_on"] = fault
    if faults or last_day is None:
        raise FormFault("S.10", "；".join(faults.values()), fields=faults)
    return plain, last_day


def _day_fault(licence: Licence, day: date | None) -> str:
    today = clock.today()
    last = today + timedelta(days=COPY_DAYS)
    if day is None:
        return "还没有填用到哪一天"
    if day < today:
        return "用到的日子已经过了。写今天或者以后的日子"
    if day > last:
        return f"最多用 {COPY_DAYS} 天，最晚写 {last:%Y-%m-%d}"
    if licence.valid_until and day > licence.valid_until:
        return f"证照 {licence.valid_until:%Y-%m-%d} 到期，用到的日子不能更晚"
    return ""

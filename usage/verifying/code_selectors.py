"""Finding versions by what is printed on a face."""

import hmac
from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from licences.models import LicenceVersion
from usage.verifying.codes import letters_of
from usage.verifying.version_facts import whole
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.prepared import Prepared


def version_by_code(serial: str, code: str) -> LicenceVersion | None:
    """The version with this serial part and this check code, if its file is made.

    The code, which nobody can guess, does the finding; the serial is compared afterwards, in
    the same time whether it is right or wrong.
    """
    for version in _BY_CODE.rows(code, clock.today()):
        own = version.licence.stem.rsplit(".", 1)[1]
        if hmac.compare_digest(own.encode(), serial.encode()):
            return version
    return None


def versions_by_number(number: str, code: str) -> Sequence[LicenceVersion]:
    """The versions with this check code whose licence has this number or identifier.

    The code does the finding; `number` is compared afterwards, as above: letters and digits
    alone, since people type brackets and dashes in many ways.
    """
    wanted = letters_of(number)
    return [
        version
        for version in _BY_CODE.rows(code, clock.today())
        if hmac.compare_digest(letters_of(version.identifier), wanted)
        or hmac.compare_digest(letters_of(str(version.frozen["number"])), wanted)
    ]


def _with_code(code: str, today: date) -> "QuerySet[LicenceVersion]":
    """Forty bits are given twice now and then; more than a few of one code are never meant."""
    found = LicenceVersion.objects.filter(check_code=code, file__isnull=False)
    return whole(found, today).order_by("pk")[:8]


_BY_CODE = Prepared(_with_code, "?", date.min)

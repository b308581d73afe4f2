"""Finding versions by what is printed on a face."""

import hmac
from collections.abc import Sequence

from licences.models import LicenceVersion
from usage.selectors.presented import whole


def version_by_code(serial: str, code: str) -> LicenceVersion | None:
    """The version with this serial part and this check code, if its file is made.

    The code, which nobody can guess, does the finding; the serial is compared afterwards, in
    the same time whether it is right or wrong.
    """
    found = whole(LicenceVersion.objects.filter(check_code=code, file__isnull=False)).order_by(
        "pk"
    )[:8]
    for version in found:
        own = version.licence.stem.rsplit(".", 1)[1]
        if hmac.compare_digest(own.encode(), serial.encode()):
            return version
    return None


def versions_by_number(number: str, code: str) -> Sequence[LicenceVersion]:
    """The versions with this check code whose licence has this number or identifier.

    The code does the finding; `number` is compared afterwards, as above.
    """
    wanted = number.strip().upper().encode()
    found = whole(LicenceVersion.objects.filter(check_code=code, file__isnull=False))
    return [
        version
        for version in found.order_by("pk")[:8]
        if hmac.compare_digest(version.identifier.upper().encode(), wanted)
        or hmac.compare_digest(str(version.frozen["number"]).upper().encode(), wanted)
    ]

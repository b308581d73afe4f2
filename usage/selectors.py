"""Finding versions by what is printed on a face."""

import hmac

from licences.models import LicenceVersion


def version_by_code(serial: str, code: str) -> LicenceVersion | None:
    """The version with this serial part and this check code, if its file is made.

    The code, which nobody can guess, does the finding; the serial is compared afterwards, in
    the same time whether it is right or wrong.
    """
    found = (
        LicenceVersion.objects.filter(check_code=code, file__isnull=False)
        .select_related("licence__issuing_department", "file")
        .order_by("pk")[:8]
    )
    for version in found:
        own = version.licence.stem.rsplit(".", 1)[1]
        if hmac.compare_digest(own.encode(), serial.encode()):
            return version
    return None

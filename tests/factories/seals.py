"""Seals that really sign: a sample authority in the run's own key folder, seals on top of it.

Keys are made once a run and department, since making them is what takes time; rows are made
anew in every test. `seal_of(department)` is all that most tests need: after it the department
may sign off, and the worker may seal.
"""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sample_county.authority import Authority, Period, equip_department, open_authority
from seals.crypto.certificates import from_pem, read_certificate
from seals.crypto.key_store import department_folder, read_seal
from seals.crypto.seal_structure import parse_seal
from seals.models import Certificate, Seal, SealKind
from zezhou_portal.kernel import files
from zezhou_portal.parties.models import Department

START = datetime(2025, 1, 1, tzinfo=UTC)
END = datetime(2035, 1, 1, tzinfo=UTC)
AUTHORITY_END = datetime(2045, 1, 1, tzinfo=UTC)
_IMPRESSIONS = Path(__file__).parents[2] / "sample_county" / "impressions"
_ANY_IMPRESSION = "1114052529141777X1.png"


@lru_cache(maxsize=4)
def authority(folder: Path) -> Authority:
    """The sample authority of a key folder, its keys open."""
    return open_authority(folder, Period(START, AUTHORITY_END, END), rounds=1000)


def equip(department: Department) -> None:
    """Key, certificate and seal of a department as files, made once a run."""
    own = _IMPRESSIONS / f"{department.credit_code}.png"
    picture = own if own.exists() else _IMPRESSIONS / _ANY_IMPRESSION
    equip_department(
        authority(Path(settings.PORTAL_KEYS)),
        name=department.name,
        credit_code=department.credit_code,
        impression=picture.read_bytes(),
    )


def seal_of(
    department: Department, *, kind: str = SealKind.OFFICIAL_NAME.value, state: str = "ACTIVE"
) -> Seal:
    """A registered seal of a department whose key lies beside it and signs."""
    equip(department)
    folder = Path(settings.PORTAL_KEYS)
    structure = read_seal(folder, department.credit_code)
    own = department_folder(folder, department.credit_code)
    bound = from_pem((own / "certificate.pem").read_bytes())
    facts, told = read_certificate(bound), parse_seal(structure)
    certificate, _ = Certificate.objects.get_or_create(
        authority_name=facts.issuer,
        serial=str(facts.serial),
        defaults={
            "department": department,
            "subject_name": facts.subject,
            "valid_from": facts.not_before,
            "valid_until": facts.not_after,
            "der": bound,
        },
    )
    return Seal.objects.create(
        department=department,
        kind=kind,
        name=told.property.name,
        number=f"{told.seal_id}-{kind}",
        state=state,
        certificate=certificate,
        valid_from=told.property.valid_from,
        valid_until=told.property.valid_until,
        structure=structure,
        impression_digest=files.store(told.picture.data),
        width_mm=told.picture.width,
        height_mm=told.picture.height,
        state_since=told.property.valid_from,
    )

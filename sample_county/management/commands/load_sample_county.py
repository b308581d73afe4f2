"""The sample county: departments, people, holders, seals of a sample authority, the catalogue.

Everything goes through the verbs that people use; a second run changes nothing.
"""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from licences.catalogue import services as catalogue
from licences.models import CatalogueEntry
from sample_county.loading import parties as sample
from seals.crypto.certificates import from_pem
from seals.crypto.key_store import department_folder
from seals.custody.registering import register_seal
from seals.models import SealKind
from zezhou_portal.kernel import vault
from zezhou_portal.kernel.actors import Actor, ActorKind, Channel
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Department

COUNTY = settings.BASE_DIR / "sample_county"


class Command(BaseCommand):
    """manage.py load_sample_county"""

    help = "Loads the sample county: departments, people, holders, seals, catalogue."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        keys = Path(settings.PORTAL_KEYS)
        vault.make_keys(keys / "data")
        departments = COUNTY / "departments.csv"
        call_command(
            "make_sample_authority",
            departments=departments,
            impressions=COUNTY / "impressions",
            stdout=self.stdout,
        )
        sample.load_departments(departments)
        sample.load_people()
        holders = sample.load_holders(COUNTY / "holders.json")
        self.stdout.write(f"持证人 {len(holders)} 位")
        self.stdout.write(f"印章 {_load_seals(keys)} 枚")
        self.stdout.write(f"目录 {_load_catalogue()} 种")


def _load_seals(keys: Path) -> int:
    count = 0
    for department in Department.objects.filter(functions__contains=["seal"]):
        folder = department_folder(keys, department.credit_code)
        if not (folder / "seal.esl").exists():
            continue
        register_seal(
            actor=_loader("sample-seals", department),
            department=department,
            kind=SealKind.OFFICIAL_NAME,
            structure=(folder / "seal.esl").read_bytes(),
            certificate=from_pem((folder / "certificate.pem").read_bytes()),
        )
        count += 1
    return count


def _load_catalogue() -> int:
    kinds = json.loads((COUNTY / "catalogue.json").read_text(encoding="utf-8"))
    departments = {row.name: row for row in Department.objects.filter(is_open=True)}
    published = set(
        CatalogueEntry.objects.filter(state="PUBLISHED").values_list(
            "type_code", "issuing_department__name"
        )
    )
    for kind in kinds:
        if (kind["code"], kind["issuing_department"]) in published:
            continue
        department = departments[kind["issuing_department"]]
        entry = catalogue.compile_entry(
            actor=_loader("sample-compiler", department),
            department=department,
            type_code=kind["code"],
            written=_written(kind, department),
        )
        catalogue.submit_entry(actor=_loader("sample-compiler", department), entry=entry)
        catalogue.publish_entry(actor=_loader("sample-publisher", department), entry=entry)
    return len(kinds)


def _written(kind: dict[str, Any], department: Department) -> dict[str, Any]:
    return {
        "name": kind["name"],
        "code_source": "国家公布"
        if kind.get("code_source") == "public"
        else "占位代码，待换国家代码",
        "supervisor": kind.get("supervisor", ""),
        "holder_kind": kind["holder"],
        "several_holders": kind.get("holders") == "several",
        "validity_years": kind.get("validity_years"),
        "may_be_long_term": kind.get("validity_years") is None,
        "about": kind["about"],
        "legal_basis": "\n".join(kind["legal_basis"]),
        "service_items": [
            {
                "code": f"{department.credit_code}{kind['code'][-3:]}{one['code']}",
                "name": one["name"],
            }
            for one in kind["service_items"]
        ],
        "materials": kind["materials"],
        "working_days": kind["working_days"],
        "conditions": kind.get("conditions", ""),
        "items": kind["items"],
        "number_rule": kind["number"],
    }


def _loader(key: str, department: Department) -> Actor:
    """The set-up, acting for a department: named as such in the trail."""
    return Actor(
        kind=ActorKind.MACHINE,
        key=key,
        name="样例县装载",
        department_id=department.pk,
        department_code=department.credit_code,
        department_name=department.name,
        channel=Channel.COMMAND,
        grants=frozenset(
            {
                Capability.COMPILE_ENTRIES.value,
                Capability.PUBLISH_ENTRIES.value,
                Capability.KEEP_SEALS.value,
            }
        ),
    )

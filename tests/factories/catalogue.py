"""Published catalogue entries, from the sample county's kinds."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from licences.models import CatalogueEntry
from licences.production.face_input import layout_for
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Department

_KINDS = Path(__file__).parents[2] / "sample_county" / "catalogue.json"


@lru_cache(maxsize=1)
def kinds() -> dict[str, dict[str, Any]]:
    """The sample county's kinds by name."""
    return {kind["name"]: kind for kind in json.loads(_KINDS.read_text(encoding="utf-8"))}


def guide_of(kind: dict[str, Any], department: Department) -> dict[str, Any]:
    """What an entry of a sample kind says as a guide; no materials, tests ask for them."""
    return {
        "about": kind["about"],
        "legal_basis": "\n".join(kind["legal_basis"]),
        "working_days": kind["working_days"],
        "service_items": [
            {
                "code": f"{department.credit_code}{kind['code'][-3:]}{one['code']}",
                "name": one["name"],
            }
            for one in kind["service_items"]
        ],
    }


def entry_of(name: str, department: Department, **changes: Any) -> CatalogueEntry:
    """The published entry of a sample kind, issued by `department`."""
    kind = kinds()[name]
    layout, digest = layout_for(kind["code"])
    values = {
        "type_code": kind["code"],
        "name": name,
        "state": "PUBLISHED",
        "issuing_department": department,
        "supervisor": kind.get("supervisor", ""),
        "holder_kind": kind["holder"],
        "several_holders": kind.get("holders") == "several",
        "validity_years": kind.get("validity_years"),
        "may_be_long_term": kind.get("validity_years") is None,
        "conditions": kind.get("conditions", ""),
        **guide_of(kind, department),
        "items": kind["items"],
        "number_rule": kind["number"],
        "layout": layout,
        "layout_digest": digest,
        "published_at": clock.now(),
    }
    return CatalogueEntry.objects.create(**{**values, **changes})

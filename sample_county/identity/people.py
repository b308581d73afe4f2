"""Who can sign in at the stand-in: the sample holders, for themselves and for enterprises."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zezhou_portal.regulation.identifiers import is_trader_code


@dataclass(frozen=True)
class Way:
    """One line of the page: a person, as themselves or for an enterprise."""

    key: str
    name: str
    about: str
    told: dict[str, Any] = field(repr=False)


def ways(path: Path) -> dict[str, Way]:
    """The lines of a file of sample holders, by key; people first."""
    content = json.loads(path.read_text(encoding="utf-8"))
    people = {one["key"]: one for one in content["people"]}
    found = {key: Way(key, one["name"], one["about"], _told(one)) for key, one in people.items()}
    for enterprise in content["enterprises"]:
        # a sole trader without a trade name carries the operator's
        name = enterprise["name"] or people[enterprise["representative"]]["name"]
        represents = "经营者" if is_trader_code(enterprise["code"]) else "法定代表人"
        offices = [(enterprise["representative"], "legal_representative", represents)]
        offices += [(key, "agent", "经办人") for key in enterprise["agents"]]
        for person, office, words in offices:
            key = f"{enterprise['key']}.{person}"
            told = {
                **_told(people[person]),
                "enterprise_name": name,
                "enterprise_code": enterprise["code"],
                "office": office,
            }
            about = f"{name}，{words}"
            found[key] = Way(key, people[person]["name"], about, told)
    return found


def _told(person: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject": f"sample-{person['key']}",
        "name": person["name"],
        "identity_type": "111",
        "identity_number": person["identity_number"],
        "level": person["level"],
        "phone": person.get("phone", ""),
    }

"""Files as vendors make them, through the command that people use: each with its right answer.

The answers stand in field/answers.json; the seals' authority is not held by the sample county, so
whether the chains are trusted is not known.
"""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

FIELD = Path(__file__).parent / "field"
STATED: dict[str, dict[str, Any]] = {
    name: stated
    for name, stated in json.loads((FIELD / "answers.json").read_text()).items()
    if name.endswith(".ofd")
}


def verified(path: Path) -> dict[str, Any]:
    """What `verify_file --json` prints of one file."""
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_file", str(path), "--json", stdout=out)
    (one,) = json.loads(out.getvalue())
    return dict(one)


def answers(one: dict[str, Any]) -> dict[str, str]:
    """The answers of the first signature."""
    signatures = one["signatures"]
    return {row["code"]: row["answer"] for row in signatures[0]["answers"]} if signatures else {}


@pytest.mark.parametrize("name", STATED)
def test_file_of_a_vendor_gets_its_right_answer(db: None, name: str) -> None:
    stated = STATED[name]
    one = verified(FIELD / name)
    assert one["verdict"] == stated.get("verdict", one["verdict"])
    assert one["verdict"] not in stated.get("verdict_not", [])
    given = answers(one)
    wanted = stated.get("answers", {})
    assert {code: given[code] for code in wanted} == wanted
    if stated.get("answers_not_all_yes"):
        own = {given[code] for code in ("signer_in_seal", "seal_signed_by_maker")}
        assert own != {"yes"}


READ_WHOLE = [
    name
    for name in STATED
    if name[:3] not in {"a31", "a32", "a36", "b10", "b50", "e01", "e02", "e04"}
    and name[:3] not in {"g01", "g02", "g09", "h01"}
]


@pytest.mark.parametrize("name", READ_WHOLE)
def test_unusual_file_that_can_be_read_is_read(db: None, name: str) -> None:
    """Not only is it not failed: all that does not hang on the authority is a yes."""
    given = answers(verified(FIELD / name))
    del given["chains_trusted"], given["not_revoked"]
    assert set(given.values()) == {"yes"}


@pytest.mark.parametrize("name", ["b50-date-v1.ofd", "g09-v1-two-digit-no-z.ofd"])
def test_time_that_cannot_be_relied_on_is_shown(db: None, name: str) -> None:
    (signature,) = verified(FIELD / name)["signatures"]
    reasons = {row["code"]: row["reason"] for row in signature["answers"]}
    written = {"b50": "250618020000Z", "g09": "250618100000"}[name[:3]]
    assert f"“{written}”" in reasons["seal_valid_when_sealed"]
    assert signature["signed_at"] is None

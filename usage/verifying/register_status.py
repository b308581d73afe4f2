"""How a licence stands in the register now, in the words and to the extent that anyone may see.

Article: M.8, M.19, M.22.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from licences.models import Licence, LicenceVersion
from licences.register.mark_rules import EFFECTS
from seals.documents.questions import Answer, Answered, Question
from usage.verifying.version_facts import VersionFacts
from zezhou_portal.kernel import clock
from zezhou_portal.parties.masking import mask_identity, mask_name
from zezhou_portal.parties.models import HolderKind

# A citizen id inside a number: some kinds are numbered after their holder.
_CITIZEN_ID = re.compile(r"\d{17}[\dXx]")


@dataclass(frozen=True, kw_only=True)
class PublicSummary:
    """What anyone may see who holds a licence's file or the code on its face.

    As the version at hand has it, but for `state` and `marks`, which are those of now. Names
    of natural persons are masked. `marks` are (code, detail) pairs.
    """

    identifier: str
    kind: str
    number: str
    holder: str
    issuer: str
    issued_on: date
    valid_from: date | None
    valid_until: date | None
    version: int
    present_version: int
    state: str
    state_words: str
    marks: tuple[tuple[str, str], ...]

    @property
    def is_superseded(self) -> bool:
        """Whether the licence has a newer version than the one at hand."""
        return self.version != self.present_version

    def as_json(self) -> dict[str, Any]:
        """The summary as the command and the interface give it."""
        return {
            "identifier": self.identifier,
            "kind": self.kind,
            "number": self.number,
            "holder": self.holder,
            "issuer": self.issuer,
            "issued_on": self.issued_on.isoformat(),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "version": self.version,
            "present_version": self.present_version,
            "state": self.state,
            "state_words": self.state_words,
            "marks": [kind for kind, _ in self.marks],
        }


def public_summary(
    version: LicenceVersion, marks: Sequence[tuple[str, str]], *, masked: bool = True
) -> PublicSummary:
    """What anyone may see of a version; `marks` are the licence's present ones.

    `masked` is False for a verifier on duty, who sees the holder's name in full.
    """
    frozen, licence = version.frozen, version.licence
    persons = [
        masked and one["kind"] == HolderKind.NATURAL_PERSON.value for one in frozen["holders"]
    ]
    names = [
        mask_name(one["name"]) if is_person else one["name"]
        for one, is_person in zip(frozen["holders"], persons, strict=True)
    ]
    number = str(frozen["number"])
    if any(persons):
        number = without_identity(number)
    state = _present_state(licence)
    return PublicSummary(
        identifier=version.identifier,
        kind=frozen["kind_name"],
        number=number,
        holder="、".join(names),
        issuer=frozen["issuer"],
        issued_on=date.fromisoformat(frozen["issued_on"]),
        valid_from=_day(frozen["valid_from"]),
        valid_until=_day(frozen["valid_until"]),
        version=version.no,
        present_version=licence.version_no,
        state=state,
        state_words=dict(Licence._meta.get_field("state").flatchoices)[state],
        marks=tuple(marks),
    )


def without_identity(number: str) -> str:
    """A licence's number as others may see it: some kinds are numbered after their holder."""
    return _CITIZEN_ID.sub(lambda found: mask_identity(found[0]), number)


def in_force_answer(facts: VersionFacts) -> Answered:
    """Whether the licence is in force today in this very version, and why not."""
    question, today = Question.LICENCE_IN_FORCE, clock.today()
    version, licence = facts.version, facts.licence
    state = _present_state(licence)
    if state == "EXPIRED" and licence.valid_until and licence.valid_until < today:
        ended = f"{licence.valid_until:%Y-%m-%d}"
        return Answered(question, Answer.NO, "expired", f"有效期已于 {ended} 届满")
    if licence.state != "IN_FORCE":
        words = f"证照{licence.get_state_display()}"
        return Answered(question, Answer.NO, licence.state.lower(), words)
    if version.no != licence.version_no:
        words = f"这是第 {version.no} 版，证照已经换成第 {licence.version_no} 版"
        return Answered(question, Answer.NO, "superseded", words)
    if licence.valid_from and licence.valid_from > today:
        begins = f"{licence.valid_from:%Y-%m-%d}"
        return Answered(question, Answer.NO, "not_yet", f"有效期从 {begins} 才开始")
    if facts.is_in_force:
        return Answered(question, Answer.YES, "", _until(licence))
    return Answered(question, Answer.NO, "no_file", "证照文件还没有做好")


def marks_answer(marks: Sequence[tuple[str, str]]) -> Answered:
    """Whether the marks permit use: the stopping ones as the reason, else all as remarks."""
    question = Question.MARKS_PERMIT_USE
    stopping = [kind for kind, _ in marks if not EFFECTS[kind].permits]
    if stopping:
        words = "；".join(dict.fromkeys(EFFECTS[kind].words for kind in stopping))
        return Answered(question, Answer.NO, stopping[0].lower(), words)
    words = "；".join(dict.fromkeys(EFFECTS[kind].words for kind, _ in marks))
    return Answered(question, Answer.YES, "remarks" if marks else "", words)


def _until(licence: Licence) -> str:
    if licence.valid_until is None:
        return "长期有效"
    return f"有效期至 {licence.valid_until.isoformat()}"


def _present_state(licence: Licence) -> str:
    """The state of today: the timer of expiry is not trusted to have run (M.8)."""
    is_over = licence.valid_until is not None and licence.valid_until < clock.today()
    return "EXPIRED" if licence.state == "IN_FORCE" and is_over else licence.state


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

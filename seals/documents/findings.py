"""What a verification found, as plain values that pages, the API and the shell show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from seals.crypto.seal_structure import Picture, Seal
from seals.documents.questions import Answered, Verdict, bottom_line, in_order
from seals.documents.shown import shown

NO_SIGNATURE = "no_signature"
_BADNESS = {Verdict.FAILED: 0, Verdict.INDETERMINATE: 1, Verdict.PASSED: 2}


class SignatureKind(StrEnum):
    """What the list of signatures says an entry is: a seal, or a signature without one."""

    SEAL = "seal"
    SIGN = "sign"


class SignatureStructure(StrEnum):
    """What the signature value was recognised as."""

    V1 = "V1"
    V4 = "V4"
    V5 = "V5"
    CMS = "CMS"
    BARE = "bare"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SealFinding:
    """The seal that a signature was made with; times in UTC, sizes in millimetres."""

    seal_id: str
    name: str
    version: int
    vendor: str
    valid_from: datetime
    valid_until: datetime
    picture: Picture = field(repr=False)

    @classmethod
    def of(cls, seal: Seal) -> "SealFinding":
        """Give what people want to know of the seal."""
        return cls(
            seal_id=shown(seal.seal_id),
            name=shown(seal.property.name),
            version=seal.version,
            vendor=shown(seal.vendor),
            valid_from=seal.property.valid_from,
            valid_until=seal.property.valid_until,
            picture=seal.picture,
        )

    def as_json(self) -> dict[str, Any]:
        """Give the seal as the verdict command prints it."""
        return {
            "name": self.name,
            "version": self.version,
            "valid_from": self.valid_from.isoformat(),
            "valid_until": self.valid_until.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class SignatureFinding:
    """One signature of a document with its answers; paths begin with a slash.

    Every text is cut, and of many paths only the first are named: what a file says of itself must
    not fill a page.
    """

    path: str
    kind: SignatureKind
    structure: SignatureStructure
    signed_at: datetime | None
    signer: str
    signer_certificate: bytes = field(repr=False)
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    unprotected: tuple[str, ...]
    seal: SealFinding | None
    answers: tuple[Answered, ...]

    @property
    def verdict(self) -> Verdict:
        """Derive what the answers of this signature alone come to."""
        return bottom_line(self.answers, has_signature=True)

    def as_json(self) -> dict[str, Any]:
        """Give the signature as the verdict command prints it."""
        return {
            "path": self.path,
            "kind": self.kind.value,
            "structure": self.structure.value,
            "signed_at": None if self.signed_at is None else self.signed_at.isoformat(),
            "changed": list(self.changed),
            "missing": list(self.missing),
            "seal": None if self.seal is None else self.seal.as_json(),
            "answers": answers_as_json(self.answers),
        }


@dataclass(frozen=True, slots=True)
class FileFinding:
    """A document with its signatures; `answers` are those of the file itself, given later.

    `problem` says in Chinese why there is no signature to judge; its code is "" otherwise. Only a
    file that was read and has no signature has failed by that: what cannot be read is not known.
    """

    signatures: tuple[SignatureFinding, ...] = ()
    answers: tuple[Answered, ...] = ()
    problem_code: str = ""
    problem: str = ""
    custom_data: Mapping[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """Derive the bottom line from every answer given so far."""
        given = [answered for one in self.signatures for answered in one.answers]
        has_signature = bool(self.signatures) or self.is_unread
        verdict = bottom_line((*given, *self.answers), has_signature=has_signature)
        if self.is_unread and verdict is Verdict.PASSED:
            return Verdict.INDETERMINATE
        return verdict

    def telling_signatures(self, most: int) -> list[tuple[int, SignatureFinding]]:
        """Give so many signatures at the most, each with its number: the worst of them, in order.

        A page that shows a file of a hundred seals must not leave out the one that is wrong.
        """
        numbered = list(enumerate(self.signatures, start=1))
        worst = sorted(numbered, key=lambda one: _BADNESS[one[1].verdict])[:most]
        return sorted(worst, key=lambda one: one[0])

    @property
    def is_unread(self) -> bool:
        """Tell whether the file, or its signatures, could not be read."""
        return self.problem_code not in ("", NO_SIGNATURE)

    def with_answers(self, answers: Iterable[Answered]) -> "FileFinding":
        """Give the finding with the file's own answers added, in their order."""
        return replace(self, answers=in_order((*self.answers, *answers)))

    def as_json(self) -> dict[str, Any]:
        """Give verdict, signatures and answers as the verdict command prints them."""
        return {
            "verdict": self.verdict.value,
            "signatures": [one.as_json() for one in self.signatures],
            "answers": answers_as_json(self.answers),
        }


def answers_as_json(answers: Iterable[Answered]) -> list[dict[str, str]]:
    """Give answers as the verdict command prints them."""
    return [
        {"code": one.question.value, "answer": one.answer.value, "reason": one.reason}
        for one in answers
    ]

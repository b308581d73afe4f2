"""What the code on a face leads to: the register's present word on a licence (M.19, P.2.3.5)."""

import re
from dataclasses import dataclass
from datetime import datetime

from audit.trail.recording import record
from licences.services.registering import CHECK_CODE_ALPHABET, subject_of
from seals.documents.questions import Answer, Answered
from usage.selectors.codes import version_by_code
from usage.services.standing import (
    PublicPart,
    in_force_answer,
    marks_answer,
    marks_on,
    public_part,
)
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.identifiers import normalise_code

_SERIAL = re.compile(r"\d{6,24}")
_CODE = re.compile(f"[{CHECK_CODE_ALPHABET}]{{8}}")


@dataclass(frozen=True)
class Look:
    """What anyone may see of a licence by the code on its face, at one moment."""

    licence: PublicPart
    answers: tuple[Answered, ...]
    at: datetime

    @property
    def may_be_used(self) -> bool:
        """Whether the licence is in force in this version and its marks permit use."""
        return all(one.answer is Answer.YES for one in self.answers)


def look_up(serial: str, code: str, *, actor: Actor) -> Look | None:
    """The present word of the register on a licence, or nothing.

    Nothing is one answer for a wrong serial, a wrong code and what no public code leads to; it
    is recorded too, without what was typed. Article: M.19, M.22.
    """
    serial, code = normalise_serial(serial), normalise_check_code(code)
    version = version_by_code(serial, code)
    subject = subject_of(version.licence) if version else Subject("check_code", "")
    record(actor, Action.LICENCE_LOOKED_UP, subject, {"found": version is not None})
    if version is None:
        return None
    marks = marks_on(version.licence)
    answers = (in_force_answer(version), marks_answer(marks))
    return Look(public_part(version, marks), answers, clock.now())


def normalise_serial(text: str) -> str:
    """The serial part, from the serial itself or from a whole identifier; empty if neither."""
    plain = normalise_code(text).strip(".")
    serial = plain.split(".")[-3] if plain.count(".") >= 2 else plain
    return serial if _SERIAL.fullmatch(serial) else ""


def normalise_check_code(text: str) -> str:
    """The eight characters, however they were typed; empty if they can be no check code."""
    plain = normalise_code(text).replace("-", "")
    return plain if _CODE.fullmatch(plain) else ""

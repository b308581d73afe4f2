"""What anyone may know of an uploaded licence file: the seal's answers and the register's.

Fails closed: what cannot be checked is not valid. Nothing of the file is kept. Article: M.19, S.10.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from audit.trail.recording import record
from licences.models import Licence, LicenceVersion
from licences.rules.marks import EFFECTS
from licences.selectors.register import by_identifier, is_in_force
from licences.services.registering import subject_of
from seals.crypto.key_store import load_trust
from seals.documents.findings import FileFinding
from seals.documents.questions import Answer, Answered, Question, Verdict
from seals.documents.verification import verify_ofd
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import Actor, Channel, machine
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.masking import mask_name
from zezhou_portal.parties.models import Department, HolderKind
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.identifiers import parse_licence_identifier


@dataclass(frozen=True)
class FileVerdict:
    """The verdict on one file: every answer, and the register's licence where it is ours."""

    file_name: str
    finding: FileFinding
    licence: Licence | None

    @property
    def verdict(self) -> Verdict:
        """The bottom line, derived from the answers."""
        return self.finding.verdict

    def as_json(self) -> dict[str, Any]:
        """The verdict as the verify_file command prints it."""
        told = self.finding.as_json()
        return {
            "file": self.file_name,
            **told,
            "licence": public_part(self.licence) if self.licence else None,
        }


def verify_file(data: bytes, *, file_name: str, actor: Actor | None = None) -> FileVerdict:
    """Judges a file by its signatures, then by the register; the look itself is recorded.

    Never raises for what is in the file.
    """
    trust = load_trust(Path(settings.PORTAL_KEYS))
    finding = verify_ofd(data, trust=trust, now=clock.now())
    version = by_identifier(finding.custom_data.get("ZZBS", ""))
    answers = _register_answers(data, finding, version)
    verdict = FileVerdict(
        file_name, finding.with_answers(answers), version.licence if version else None
    )
    subject = subject_of(version.licence) if version else Subject("file", files.digest(data))
    looker = actor or machine("verify_file", channel=Channel.COMMAND)
    record(looker, Action.FILE_CHECKED, subject, {"verdict": verdict.verdict.value})
    return verdict


def public_part(licence: Licence) -> dict[str, Any]:
    """What anyone may see of a licence whose file they hold: a person's name is masked (M.22)."""
    kinds = {link.holder.kind for link in licence.holder_links.select_related("holder")}
    is_person = kinds == {HolderKind.NATURAL_PERSON.value}
    names = licence.holder_names.split("、")
    return {
        "identifier": licence.identifier,
        "kind": licence.kind_name,
        "number": licence.number,
        "holder": "、".join(mask_name(name) for name in names)
        if is_person
        else licence.holder_names,
        "issuer": licence.issuing_department.name,
        "issued_on": licence.issued_on.isoformat(),
        "valid_until": licence.valid_until.isoformat() if licence.valid_until else None,
        "state": licence.state,
        "state_words": licence.get_state_display(),
    }


def _register_answers(
    data: bytes, finding: FileFinding, version: LicenceVersion | None
) -> Iterable[Answered]:
    if version is None:
        return [_unknown(finding), _not_the_registers(finding), *_not_asked()]
    return [
        Answered(Question.LICENCE_KNOWN, Answer.YES),
        _same(data, version),
        _in_force(version),
        _marks(version.licence),
    ]


def _unknown(finding: FileFinding) -> Answered:
    """Not in the register: *no* if one of our issuers is named, *not known* if another is."""
    identifier = finding.custom_data.get("ZZBS", "")
    if not identifier:
        return Answered(
            Question.LICENCE_KNOWN, Answer.NOT_KNOWN, "no_identifier",
            "文件里没有证照标识，看不出是哪一份证照",
        )  # fmt: skip
    parts, _ = parse_licence_identifier(identifier)
    issuer = parts.issuer_code if parts else finding.custom_data.get("ZZBFJGDM", "")
    if Department.objects.filter(credit_code=issuer).exists():
        return Answered(
            Question.LICENCE_KNOWN, Answer.NO, "not_in_register",
            "文件自称由本县单位制发，但登记库里没有这一份",
        )  # fmt: skip
    return Answered(
        Question.LICENCE_KNOWN, Answer.NOT_KNOWN, "issued_elsewhere",
        "不是本县单位制发的证照，请到制发地的平台查验",
    )  # fmt: skip


def _not_the_registers(finding: FileFinding) -> Answered:
    """A file that cannot even be opened is no file of the register; others are not compared."""
    if finding.problem_code and not finding.custom_data:
        return Answered(
            Question.SAME_AS_REGISTER, Answer.NO, "unreadable", "文件打不开，不是登记库里的文件"
        )
    return Answered(
        Question.SAME_AS_REGISTER, Answer.NOT_ASKED, "licence_unknown", "登记库里没有这份证照"
    )


def _not_asked() -> list[Answered]:
    return [
        Answered(question, Answer.NOT_ASKED, "licence_unknown", "登记库里没有这份证照")
        for question in (Question.LICENCE_IN_FORCE, Question.MARKS_PERMIT_USE)
    ]


def _same(data: bytes, version: LicenceVersion) -> Answered:
    file = getattr(version, "file", None)
    if file is not None and file.digest == files.digest(data):
        return Answered(Question.SAME_AS_REGISTER, Answer.YES)
    return Answered(
        Question.SAME_AS_REGISTER, Answer.NO, "differs",
        "与登记库里的文件不是同一个。请向持证人要原文件",
    )  # fmt: skip


def _in_force(version: LicenceVersion) -> Answered:
    licence, today = version.licence, clock.today()
    if version.no != licence.version_no:
        return Answered(
            Question.LICENCE_IN_FORCE, Answer.NO, "superseded", "这是旧版，证照已有新版"
        )
    if is_in_force(licence, today):
        return Answered(Question.LICENCE_IN_FORCE, Answer.YES)
    if licence.state == "IN_FORCE" and licence.valid_until and licence.valid_until < today:
        return Answered(Question.LICENCE_IN_FORCE, Answer.NO, "expired", "有效期已经届满")
    if licence.state == "IN_FORCE" and licence.valid_from and licence.valid_from > today:
        return Answered(Question.LICENCE_IN_FORCE, Answer.NO, "not_yet", "有效期还没有开始")
    return Answered(
        Question.LICENCE_IN_FORCE, Answer.NO, licence.state.lower(),
        f"证照现在的状态是“{licence.get_state_display()}”",
    )  # fmt: skip


def _marks(licence: Licence) -> Answered:
    on = list(licence.marks.filter(until__isnull=True).values_list("kind", "detail"))
    stopping = [(kind, detail) for kind, detail in on if not EFFECTS[kind].permits]
    if stopping:
        words = "；".join(EFFECTS[kind].words for kind, _ in stopping)
        return Answered(Question.MARKS_PERMIT_USE, Answer.NO, stopping[0][0].lower(), words)
    words = "；".join(EFFECTS[kind].words for kind, _ in on)
    return Answered(Question.MARKS_PERMIT_USE, Answer.YES, "remarks" if on else "", words)

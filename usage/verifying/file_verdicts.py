"""What anyone may know of an uploaded licence file: the seal's answers and the register's.

Fails closed: what cannot be checked is not valid. Nothing of the file is kept. What the register
knows of a licence is told only to those who hold its very file. Article: M.19, S.10.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from audit.trail.recording import record
from licences.models import LicenceVersion
from licences.register.selectors import by_file_digest, by_identifier
from seals.crypto.key_store import load_trust
from seals.documents.findings import FileFinding
from seals.documents.questions import Answer, Answered, Question, Verdict
from seals.documents.verification import verify_ofd
from usage.verifying.codes import Kind, Understood, understand
from usage.verifying.formats import other_format
from usage.verifying.pdf_codes import codes_in_pdf
from usage.verifying.register_status import (
    PublicSummary,
    in_force_answer,
    marks_answer,
    public_summary,
)
from usage.verifying.stray_bytes import core_of
from usage.verifying.version_facts import facts_of_version
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import Actor, Channel, machine
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.models import Department
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.identifiers import parse_licence_identifier
from zezhou_portal.regulation.limits import LICENCE_FILE_BYTES

MOST_BYTES = LICENCE_FILE_BYTES
STRAY_BYTES = "stray_bytes"


@dataclass(frozen=True)
class FileVerdict:
    """The verdict on one file: every answer, and the licence where the file is the register's.

    `codes` are those of ours that stand on a PDF: they lead to the licence's present state.
    """

    file_name: str
    digest: str
    size: int
    finding: FileFinding
    licence: PublicSummary | None
    codes: tuple[Understood, ...] = ()

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
            "licence": self.licence.as_json() if self.licence else None,
        }


def verify_file(data: bytes, *, file_name: str, actor: Actor | None = None) -> FileVerdict:
    """Judges a file by its signatures, then by the register; the look itself is recorded.

    Never raises for what is in the file. Article: M.19, S.10.
    """
    digest = files.digest(data)
    finding = _judged(data)
    version = _version_of(digest, finding)
    same = _same_as_register(version, data, digest)
    answers, licence = _register_answers(finding, version, same)
    verdict = FileVerdict(
        file_name, digest, len(data), finding.with_answers(answers), licence, _codes_on(data)
    )
    subject = version.licence.subject if version else Subject("file", digest)
    looker = actor or machine("verify_file", channel=Channel.COMMAND)
    record(looker, Action.FILE_CHECKED, subject, {"verdict": verdict.verdict.value})
    return verdict


def _judged(data: bytes) -> FileFinding:
    if sentence := other_format(data):
        return FileFinding(problem_code="other_format", problem=sentence)
    return verify_ofd(data, trust=load_trust(Path(settings.PORTAL_KEYS)), now=clock.now())


def _codes_on(data: bytes) -> tuple[Understood, ...]:
    """The codes of faces and purpose-marked copies of ours on the pages of a PDF."""
    found = (understand(text, settings.PORTAL_ADDRESS) for text in codes_in_pdf(data))
    return tuple(one for one in found if one.kind in (Kind.PRINTED, Kind.COPY))


def _version_of(digest: str, finding: FileFinding) -> LicenceVersion | None:
    """The version whose file this is, else the one that the file names itself."""
    file = by_file_digest(digest)
    if file is not None:
        return file.version
    identifier = finding.custom_data.get("ZZBS", "").strip()
    return by_identifier(identifier) if identifier else None


def _is_file_of(version: LicenceVersion, digest: str) -> bool:
    file = getattr(version, "file", None)
    return file is not None and file.digest == digest


def _same_as_register(version: LicenceVersion | None, data: bytes, digest: str) -> Answered:
    """Whether the file is the register's, to the byte.

    With foreign bytes before or behind it, it holds the register's file to the byte and is more
    than that: neither yes nor no (ours, S.9). What was read is right, so it is not *no*; what
    stands about it nobody has sealed, so it is not *yes*.
    """
    if version is None or _is_file_of(version, digest):
        return Answered(Question.SAME_AS_REGISTER, Answer.YES)
    core = core_of(data)
    if core is None or not _is_file_of(version, files.digest(core.data)):
        return _DIFFERS
    places = [("前面", core.before), ("后面", core.behind)]
    where = "、".join(f"{place} {count:,} 字节" for place, count in places if count)
    reason = (
        f"里面的文件与登记库的一致，文件外多出 {core.stray:,} 字节（{where}），不知道是什么。"
        "请用登记库的文件：向持证人要收到时的原文件，或者扫照面上的二维码"
    )
    return Answered(Question.SAME_AS_REGISTER, Answer.NOT_KNOWN, STRAY_BYTES, reason)


def _register_answers(
    finding: FileFinding, version: LicenceVersion | None, same: Answered
) -> tuple[list[Answered], PublicSummary | None]:
    if version is None:
        why = "unread" if finding.is_unread else "licence_unknown"
        return [_unknown(finding), _no_file_of_ours(finding), *_not_asked(why)], None
    known = Answered(Question.LICENCE_KNOWN, Answer.YES)
    if same.answer is Answer.NO:
        return [known, same, *_not_asked("differs")], None
    facts = facts_of_version(version.pk)
    answers = [known, same, in_force_answer(facts), marks_answer(facts.marks)]
    return answers, public_summary(version, facts.marks)


def _unknown(finding: FileFinding) -> Answered:
    """Not in the register: *no* if one of our issuers is named, *not known* if another is."""
    question = Question.LICENCE_KNOWN
    identifier = finding.custom_data.get("ZZBS", "").strip()
    parts, _ = parse_licence_identifier(identifier)
    issuer = parts.issuer_code if parts else finding.custom_data.get("ZZBFJGDM", "").strip()
    if issuer and Department.objects.filter(credit_code=issuer).exists():
        reason = "文件自称由本县单位制发，但登记库里没有这一份"
        return Answered(question, Answer.NO, "not_in_register", reason)
    if not identifier and finding.is_unread:
        return Answered(question, Answer.NOT_KNOWN, "unread", "文件读不出来，看不出是哪一份证照")
    if not identifier:
        reason = "文件里没有证照标识，看不出是哪一份证照"
        return Answered(question, Answer.NOT_KNOWN, "no_identifier", reason)
    reason = "不是本县单位制发的证照，请到制发地的平台查验"
    return Answered(question, Answer.NOT_KNOWN, "issued_elsewhere", reason)


def _no_file_of_ours(finding: FileFinding) -> Answered:
    """A file that cannot be read cannot be compared; one of no licence of ours is not asked."""
    question = Question.SAME_AS_REGISTER
    if finding.is_unread:
        return Answered(question, Answer.NOT_KNOWN, finding.problem_code, finding.problem)
    return Answered(question, Answer.NOT_ASKED, "licence_unknown", "登记库里没有这份证照")


_DIFFERS = Answered(
    Question.SAME_AS_REGISTER,
    Answer.NO,
    "differs",
    "与登记库里的文件不是同一个。请向持证人要收到时的原文件",
)
_WHY_NOT_ASKED = {
    "licence_unknown": "登记库里没有这份证照",
    "unread": "文件读不出来，不再往下问",
    "differs": "文件不是登记库里的那一个，不再往下问",
}


def _not_asked(code: str) -> list[Answered]:
    return [
        Answered(question, Answer.NOT_ASKED, code, _WHY_NOT_ASKED[code])
        for question in (Question.LICENCE_IN_FORCE, Question.MARKS_PERMIT_USE)
    ]

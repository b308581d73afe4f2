"""The questions that are asked of a document, in their fixed order, and how a verdict follows.

One list for file verdicts, verifications and the API. Every question is worded so that yes is
good. The bottom line is derived, never stored alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from seals.crypto.answers import Answer

__all__ = [
    "VERIFICATION_ORDER",
    "Answer",
    "Answered",
    "Asked",
    "Question",
    "Verdict",
    "bottom_line",
    "in_order",
]


class Asked(StrEnum):
    """Where a question is asked: of every signature, of a file, or of what is verified."""

    OF_SIGNATURE = "signature"
    OF_FILE = "file"
    OF_VERIFICATION = "verification"


class Question(StrEnum):
    """What is asked; the value is the published code, the order is the published order."""

    # a text's own: what is looked up by questions is looked up at every verification
    __hash__ = str.__hash__

    REFERENCES_MATCH = "references_match"
    SIGNATURE_XML_UNCHANGED = "signature_xml_unchanged"
    SIGNATURE_RIGHT = "signature_right"
    SIGNER_IN_SEAL = "signer_in_seal"
    SEAL_SIGNED_BY_MAKER = "seal_signed_by_maker"
    CHAINS_TRUSTED = "chains_trusted"
    NOT_REVOKED = "not_revoked"
    SEAL_VALID_WHEN_SEALED = "seal_valid_when_sealed"
    SEAL_VALID_NOW = "seal_valid_now"
    LICENCE_KNOWN = "licence_known"
    SAME_AS_REGISTER = "same_as_register"
    LICENCE_IN_FORCE = "licence_in_force"
    MARKS_PERMIT_USE = "marks_permit_use"
    PRESENTED_BY_HOLDER = "presented_by_holder"
    CODE_FRESH = "code_fresh"
    SCENARIO_LISTED = "scenario_listed"
    FILE_INTACT = "file_intact"
    CITY_HAS_VERSION = "city_has_version"

    @property
    def sentence(self) -> str:
        """Give the question in Chinese."""
        return _SENTENCES[self]

    @property
    def asked(self) -> Asked:
        """Tell where the question is asked first."""
        if self in _OF_VERIFICATION:
            return Asked.OF_VERIFICATION
        return Asked.OF_FILE if self in _OF_FILE else Asked.OF_SIGNATURE


_OF_VERIFICATION = frozenset(
    {
        Question.PRESENTED_BY_HOLDER,
        Question.CODE_FRESH,
        Question.SCENARIO_LISTED,
        Question.FILE_INTACT,
        Question.CITY_HAS_VERSION,
    }
)
# What a verification asks, in its own fixed order: who shows, is it in force, is it genuine.
VERIFICATION_ORDER = (
    Question.PRESENTED_BY_HOLDER,
    Question.CODE_FRESH,
    Question.SCENARIO_LISTED,
    Question.LICENCE_IN_FORCE,
    Question.MARKS_PERMIT_USE,
    Question.FILE_INTACT,
    Question.SIGNATURE_RIGHT,
    Question.SEAL_VALID_WHEN_SEALED,
    Question.SEAL_VALID_NOW,
    Question.CITY_HAS_VERSION,
)
_OF_FILE = frozenset(
    {
        Question.LICENCE_KNOWN,
        Question.SAME_AS_REGISTER,
        Question.LICENCE_IN_FORCE,
        Question.MARKS_PERMIT_USE,
    }
)

_SENTENCES = {
    Question.REFERENCES_MATCH: "文件内容与签章时一致吗？",
    Question.SIGNATURE_XML_UNCHANGED: "签名描述文件未被改动吗？",
    Question.SIGNATURE_RIGHT: "签名值正确吗？",
    Question.SIGNER_IN_SEAL: "签章人有权使用这枚印章吗？",
    Question.SEAL_SIGNED_BY_MAKER: "印章由制章单位签名且未被改动吗？",
    Question.CHAINS_TRUSTED: "证书由受信任的机构颁发吗？",
    Question.NOT_REVOKED: "证书未被吊销吗？",
    Question.SEAL_VALID_WHEN_SEALED: "签章时印章在有效期内吗？",
    Question.SEAL_VALID_NOW: "印章现在仍在有效期内吗？",
    Question.LICENCE_KNOWN: "证照在本门户登记在册吗？",
    Question.SAME_AS_REGISTER: "文件与登记在册的证照文件一致吗？",
    Question.LICENCE_IN_FORCE: "证照现在有效吗？",
    Question.MARKS_PERMIT_USE: "证照上的标注允许使用吗？",
    Question.PRESENTED_BY_HOLDER: "由持证人出示吗？",
    Question.CODE_FRESH: "码是新的，没有用过吗？",
    Question.SCENARIO_LISTED: "本单位用证清单里有这个场景吗？",
    Question.FILE_INTACT: "证照文件完好，没有改动吗？",
    Question.CITY_HAS_VERSION: "市平台上是同一版本吗？",
}

_ORDER = {question: place for place, question in enumerate(Question)}


@dataclass(frozen=True, slots=True)
class Answered:
    """One question with its answer; the reason is a code and a Chinese sentence, "" for neither."""

    question: Question
    answer: Answer
    reason_code: str = ""
    reason: str = ""


class Verdict(StrEnum):
    """The bottom line of a document."""

    PASSED = "passed"
    FAILED = "failed"
    INDETERMINATE = "indeterminate"

    @property
    def word(self) -> str:
        """Give the word that people read."""
        return _VERDICTS[self]


_VERDICTS = {
    Verdict.PASSED: "通过",
    Verdict.FAILED: "未通过",
    Verdict.INDETERMINATE: "无法确定",
}


def in_order(answers: Iterable[Answered]) -> tuple[Answered, ...]:
    """Give the answers in the published order of their questions."""
    return tuple(sorted(answers, key=lambda answered: _ORDER[answered.question]))


def bottom_line(answers: Iterable[Answered], *, has_signature: bool) -> Verdict:
    """Derive the verdict from all answers of a file and its signatures.

    No signature: failed. Any no: failed. Else any not known: indeterminate. Else passed, if
    anything was answered yes at all; a question that was not asked counts for nothing.
    """
    given = {answered.answer for answered in answers}
    if not has_signature or Answer.NO in given:
        return Verdict.FAILED
    if Answer.NOT_KNOWN in given or Answer.YES not in given:
        return Verdict.INDETERMINATE
    return Verdict.PASSED

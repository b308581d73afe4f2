"""What a verdict means for somebody who stands at a window: one sentence and what to do next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seals.documents.findings import FileFinding
from seals.documents.questions import Answer, Answered, Question, Verdict


@dataclass(frozen=True, slots=True)
class Advice:
    """The bottom line in words, and the next steps in their order."""

    sentence: str
    steps: tuple[str, ...]


_KEEP_OUT = "不要收下作为依据。"
_ASK_ORIGINAL = "请对方提供收到时的 OFD 原文件，不要经过另存、转换或截图。"
_SCAN = "没有原文件的，扫照面上的二维码，查登记库里的现状。"
_ISSUER = "对结果有疑问，请找证照上写的制发单位，或者拨打 12345。"
_NOT_YET = "不要当作有效，也不要就此认定是假的。"

_NOT_OURS = Advice("文件自称由本县单位制发，但登记库里没有这一份。", (_KEEP_OUT, _ISSUER))
_CHANGED = Advice("文件在签章以后被改动过，或者缺了内容。", (_KEEP_OUT, _ASK_ORIGINAL, _SCAN))
_WRONG_SEAL = Advice("印章或者签名是不对的。", (_KEEP_OUT, _ASK_ORIGINAL, _ISSUER))
# The first of these questions that was answered no gives the sentence: is the file genuine
# before may it be used.
_FAILED: tuple[tuple[Question, Advice], ...] = (
    (Question.LICENCE_KNOWN, _NOT_OURS),
    (Question.REFERENCES_MATCH, _CHANGED),
    (Question.SIGNATURE_XML_UNCHANGED, _CHANGED),
    (Question.SIGNATURE_RIGHT, _WRONG_SEAL),
    (Question.SIGNER_IN_SEAL, _WRONG_SEAL),
    (Question.SEAL_SIGNED_BY_MAKER, _WRONG_SEAL),
    (
        Question.SAME_AS_REGISTER,
        Advice("和登记库里的文件不是同一个。", (_KEEP_OUT, _ASK_ORIGINAL, _SCAN)),
    ),
    (Question.CHAINS_TRUSTED, Advice("签章用的证书不可信。", (_KEEP_OUT, _ISSUER))),
    (Question.NOT_REVOKED, Advice("签章用的证书已经吊销。", (_KEEP_OUT, _ISSUER))),
    (
        Question.SEAL_VALID_WHEN_SEALED,
        Advice("签章的时候，印章不在有效期内。", (_KEEP_OUT, _ISSUER)),
    ),
)
_NOW = (Question.LICENCE_IN_FORCE, Question.MARKS_PERMIT_USE)
_ELSEWHERE = Advice(
    "这份证照不是本县制发的，这里查不到它现在有没有效。",
    (_NOT_YET, "请到制发地的平台，或者国家政务服务平台再查一次。"),
)
_UNKNOWN = Advice(
    "有的问题现在回答不了，所以不能确定。",
    (_NOT_YET, "看下面回答“不知道”的那几项和原因。", "请向制发单位核实，或者稍后再查。"),
)
_STRAY = Advice(
    "里面的文件与登记库的一致，但文件外多出了一些字节，不是登记库里的那个文件。",
    ("多半是邮件、网盘或者打包软件加上的，不要就此认定是假的。", _ASK_ORIGINAL, _SCAN),
)
_PASSED = Advice(
    "证照有效，文件没有改动。",
    (
        "可以作为办事依据，不用再要纸质件。",
        "还要核对来办事的人是不是持证人：文件可以转发，查验不能说明是谁拿来的。",
    ),
)


def given(finding: FileFinding) -> list[Answered]:
    """Every answer of a file, signature by signature, its own ones last."""
    return [*(a for one in finding.signatures for a in one.answers), *finding.answers]


def advice_on(finding: FileFinding) -> Advice:
    """The sentence and the steps that a finding leads to. Article: S.10, M.19."""
    if finding.is_unread:
        return Advice(finding.problem, (_NOT_YET, _ASK_ORIGINAL, _SCAN))
    if finding.problem:
        return Advice(finding.problem, (_KEEP_OUT, _ASK_ORIGINAL, _SCAN))
    answers = given(finding)
    if finding.verdict is Verdict.FAILED:
        return _on_failure(answers)
    if finding.verdict is Verdict.PASSED:
        return _PASSED
    codes = {one.reason_code for one in answers if one.answer is Answer.NOT_KNOWN}
    if "stray_bytes" in codes:
        return _STRAY
    return _ELSEWHERE if "issued_elsewhere" in codes else _UNKNOWN


def _on_failure(answers: Sequence[Answered]) -> Advice:
    denied = {one.question: one for one in answers if one.answer is Answer.NO}
    for question, advice in _FAILED:
        if question in denied:
            return advice
    reason = "；".join(denied[question].reason for question in _NOW if question in denied)
    if reason:
        return Advice(
            f"文件是真的，但现在不能用：{reason.rstrip('。')}。",
            (_KEEP_OUT, "请持证人先到制发单位办理，再来办事。", _ISSUER),
        )
    return Advice("有的问题回答是否，见下面逐项结果。", (_KEEP_OUT, _ISSUER))


def counted(answers: Iterable[Answered]) -> str:
    """The answers counted in words: what is missing from the row was not answered at all."""
    given_answers = [one.answer for one in answers]
    row = [
        (given_answers.count(answer), word)
        for answer, word in (
            (Answer.YES, "是"),
            (Answer.NO, "否"),
            (Answer.NOT_KNOWN, "不知道"),
            (Answer.NOT_ASKED, "未问"),
        )
    ]
    always = {"是", "否"}
    return "　".join(f"{count} {word}" for count, word in row if count or word in always)

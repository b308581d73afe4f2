"""What came of a verification: one outcome, told apart, each with words and what to do next.

An outcome is derived from the answers; its code is published (interface and handbook) and never
changes its meaning.
"""

from collections.abc import Iterable
from enum import Enum

from seals.documents.questions import Answer, Answered, Question, Verdict

_AGAIN = "请对方刷新亮证页面，再扫一次。"
_NOT_TAKEN = "不要收下作为依据。"
_GO_ISSUER = "请持证人先到制发单位办理。"
_ASK_ISSUER = "有疑问，请找证照上写的制发单位，或者拨打 12345。"
_NEITHER = "不要当作有效，也不要就此认定是假的。"


class Outcome(Enum):
    """Code, bottom line, the sentence under it, and the steps that follow."""

    VALID = (
        "V00",
        "valid",
        Verdict.PASSED,
        "证照现在有效，可以作为办事依据。",
        ("不用再要纸质证照，也不用复印件。", "核对来办事的人是不是持证人。"),
    )
    NOT_FOUND = (
        "V10",
        "not_found",
        Verdict.FAILED,
        "没有能给您看的结果。",
        ("核对编号和校验码，再试一次。", "扫的是屏幕上的码，请对方刷新后再扫。"),
    )
    WRONG = (
        "V11",
        "wrong",
        Verdict.FAILED,
        "这不是泽州县的码。",
        (
            "看清楚码是从哪里来的，不要在别的网页上填个人信息。",
            "请对方打开泽州县电子证照门户亮证。",
        ),
    )
    CODE_EXPIRED = (
        "V12",
        "code_expired",
        Verdict.FAILED,
        "这个码已经过了时间。",
        (_AGAIN, "截图和照片都不能用。"),
    )
    CODE_USED = (
        "V13",
        "code_used",
        Verdict.FAILED,
        "这个码已经用过。",
        (_AGAIN, "对方没有给别人看过的，可能被人拍了照：请他停止亮证，重新出示。"),
    )
    WITHDRAWN = (
        "V14",
        "withdrawn",
        Verdict.FAILED,
        "对方已经停止亮证。",
        ("请对方重新亮证。",),
    )
    DECLINED = (
        "V15",
        "declined",
        Verdict.FAILED,
        "对方没有同意出示。",
        ("向对方说明为什么要看、看哪几项，请他重新亮证。",),
    )
    SWITCHED_OFF = (
        "V16",
        "switched_off",
        Verdict.FAILED,
        "持证人关闭了这份证照的亮证。",
        ("请持证人在“我的证照”里打开后再出示。",),
    )
    MANDATE_ENDED = (
        "V17",
        "mandate_ended",
        Verdict.FAILED,
        "出示的人已经不能代表持证人。",
        ("请持证人本人或者现在的经办人出示。",),
    )
    COPY_EXPIRED = (
        "V18",
        "copy_expired",
        Verdict.FAILED,
        "这份加注件已经过了用期，或者已经作废。",
        (_NOT_TAKEN, "请持证人重新制作一份，写明这次的用途。"),
    )
    FILE_DAMAGED = (
        "V20",
        "file_damaged",
        Verdict.FAILED,
        "存着的证照文件与入库时不一致，或者签章不对。",
        (_NOT_TAKEN, "请马上告诉行政审批服务管理局。"),
    )
    CERTIFICATE_REVOKED = (
        "V29",
        "certificate_revoked",
        Verdict.FAILED,
        "签章用的证书已经吊销。",
        (_NOT_TAKEN, _ASK_ISSUER),
    )
    AWAITING_FILE = (
        "V21",
        "awaiting_file",
        Verdict.FAILED,
        "证照还没有做好，还没有生效。",
        ("通常 1 分钟内做好，稍后再验。", _ASK_ISSUER),
    )
    NOT_YET = (
        "V22",
        "not_yet",
        Verdict.FAILED,
        "证照还没有到生效的日子。",
        (_NOT_TAKEN,),
    )
    EXPIRED = (
        "V23",
        "expired",
        Verdict.FAILED,
        "证照已经过了有效期。",
        (_NOT_TAKEN, _GO_ISSUER),
    )
    DETAINED = (
        "V24",
        "detained",
        Verdict.FAILED,
        "证照被暂扣，现在不能用。",
        (_NOT_TAKEN, "发还以后就可以再用。", _ASK_ISSUER),
    )
    CANCELLED = (
        "V25",
        "cancelled",
        Verdict.FAILED,
        "证照已经注销。",
        (_NOT_TAKEN, _ASK_ISSUER),
    )
    REVOKED = (
        "V26",
        "revoked",
        Verdict.FAILED,
        "证照已经被吊销。",
        (_NOT_TAKEN, _ASK_ISSUER),
    )
    ANNULLED = (
        "V27",
        "annulled",
        Verdict.FAILED,
        "证照已经废止。",
        (_NOT_TAKEN, _ASK_ISSUER),
    )
    SUPERSEDED = (
        "V28",
        "superseded",
        Verdict.FAILED,
        "这是旧的版本，证照已经换了新版。",
        (_NOT_TAKEN, "请持证人出示现在的版本。"),
    )
    OBJECTED = (
        "V31",
        "objected",
        Verdict.FAILED,
        "有异议正在核查，这份证照现在不能作为办事依据。",
        (
            "不要收下作为依据，也不要让对方去开纸质证明。",
            "异议最迟 5 个工作日有结果，持证人会收到通知。",
            _ASK_ISSUER,
        ),
    )
    DENIED = (
        "V39",
        "denied",
        Verdict.FAILED,
        "有一项回答是“否”，这份证照现在不能作为办事依据。",
        ("看下面回答“否”的那一项和原因。", _NOT_TAKEN, _ASK_ISSUER),
    )
    LOST = (
        "V32",
        "lost",
        Verdict.FAILED,
        "证照已经挂失。",
        (_NOT_TAKEN, _GO_ISSUER),
    )
    NOT_THEN = (
        "V33",
        "not_then",
        Verdict.FAILED,
        "那一天证照还没有入库。",
        (_ASK_ISSUER,),
    )
    SEAL_BLOCKED = (
        "V40",
        "seal_blocked",
        Verdict.INDETERMINATE,
        "盖的印章已经停用，正在核查。",
        (_NEITHER, "请向制发单位核实，或者稍后再验。"),
    )
    NOT_REACHABLE = (
        "V41", "not_reachable", Verdict.INDETERMINATE, "有的问题现在没有答复，不能确定。",
        (_NEITHER, "看下面回答“不知道”的那几项和原因，稍后再验。", _ASK_ISSUER),
    )  # fmt: skip

    def __init__(
        self, code: str, key: str, verdict: Verdict, sentence: str, steps: tuple[str, ...]
    ) -> None:
        self.code = code
        self.key = key
        self.verdict = verdict
        self.sentence = sentence
        self.steps = steps


BY_KEY = {outcome.key: outcome for outcome in Outcome}
# A question's no under a name of its own.
_ALSO = {"no_file": Outcome.AWAITING_FILE, "revocation_no": Outcome.CERTIFICATE_REVOKED}
# Which question's no gives the outcome: is it shown, is it genuine, may it be used.
_WORST_FIRST = (
    Question.CODE_FRESH,
    Question.PRESENTED_BY_HOLDER,
    Question.FILE_INTACT,
    Question.SIGNATURE_RIGHT,
    Question.SEAL_VALID_WHEN_SEALED,
    Question.LICENCE_IN_FORCE,
    Question.MARKS_PERMIT_USE,
)
_DAMAGED = frozenset(
    {Question.FILE_INTACT, Question.SIGNATURE_RIGHT, Question.SEAL_VALID_WHEN_SEALED}
)
# Without a yes to each of these nothing is valid, whatever else was answered.
NEEDED = (
    Question.LICENCE_IN_FORCE,
    Question.MARKS_PERMIT_USE,
    Question.FILE_INTACT,
    Question.SIGNATURE_RIGHT,
)
_GRAVEST_FIRST = (Answer.NO, Answer.NOT_KNOWN, Answer.NOT_ASKED, Answer.YES)


def outcome_of(answers: Iterable[Answered]) -> Outcome:
    """The outcome that answers come to; fails closed. Article: M.19, P.2.3.3.

    Any no: that of the gravest one. Else any not known: the seal's, or that something could not
    be asked. Else valid, if every question that is needed was answered yes.
    """
    given: dict[Question, Answered] = {}
    for one in answers:
        before = given.get(one.question)
        if before is None or _grave(one) < _grave(before):
            given[one.question] = one
    denied = {question: one for question, one in given.items() if one.answer is Answer.NO}
    for question in _WORST_FIRST:
        if question in denied:
            return _denied(denied[question])
    if denied:
        return Outcome.DENIED
    if any(one.answer is Answer.NOT_KNOWN for one in given.values()):
        seal = given.get(Question.SEAL_VALID_NOW)
        is_blocked = seal is not None and seal.reason_code == "seal_blocked"
        return Outcome.SEAL_BLOCKED if is_blocked else Outcome.NOT_REACHABLE
    if all(question in given and given[question].answer is Answer.YES for question in NEEDED):
        return Outcome.VALID
    return Outcome.NOT_REACHABLE


def _grave(one: Answered) -> int:
    return _GRAVEST_FIRST.index(one.answer)


def _denied(one: Answered) -> Outcome:
    """What a no comes to: always a failed verdict."""
    found = _ALSO.get(one.reason_code) or BY_KEY.get(one.reason_code)
    if one.question in _DAMAGED:
        return found if found is Outcome.CERTIFICATE_REVOKED else Outcome.FILE_DAMAGED
    if found is None or found.verdict is not Verdict.FAILED:
        return Outcome.DENIED
    return found

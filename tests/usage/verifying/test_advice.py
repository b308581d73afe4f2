"""The sentence that a verdict becomes: the gravest no, in the order of importance."""

import pytest

from seals.documents.findings import (
    FileFinding,
    SignatureFinding,
    SignatureKind,
    SignatureStructure,
)
from seals.documents.questions import Answer, Answered, Asked, Question
from usage.verifying.advice import advice_on, counted, given

pytestmark = [pytest.mark.article("S.10"), pytest.mark.article("M.19")]
NO, NOT_KNOWN = Answer.NO, Answer.NOT_KNOWN


def finding(answers: dict[Question, Answer], code: str = "") -> FileFinding:
    """A file with one signature; every question is answered yes but those given."""
    told = [Answered(one, answers.get(one, Answer.YES), code, one.value) for one in Question]
    signature = SignatureFinding(
        path="/s", kind=SignatureKind.SEAL, structure=SignatureStructure.V4, signed_at=None,
        signer="甲", signer_certificate=b"", changed=(), missing=(), unprotected=(), seal=None,
        answers=tuple(one for one in told if one.question.asked is Asked.OF_SIGNATURE),
    )  # fmt: skip
    own = (one for one in told if one.question.asked is Asked.OF_FILE)
    return FileFinding(signatures=(signature,), answers=tuple(own))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (Question.LICENCE_KNOWN, "文件自称由本县单位制发，但登记库里没有这一份。"),
        (Question.REFERENCES_MATCH, "文件在签章以后被改动过，或者缺了内容。"),
        (Question.SIGNATURE_XML_UNCHANGED, "文件在签章以后被改动过，或者缺了内容。"),
        (Question.SIGNATURE_RIGHT, "印章或者签名是不对的。"),
        (Question.SIGNER_IN_SEAL, "印章或者签名是不对的。"),
        (Question.SEAL_SIGNED_BY_MAKER, "印章或者签名是不对的。"),
        (Question.SAME_AS_REGISTER, "和登记库里的文件不是同一个。"),
        (Question.CHAINS_TRUSTED, "签章用的证书不可信。"),
        (Question.NOT_REVOKED, "签章用的证书已经吊销。"),
        (Question.SEAL_VALID_WHEN_SEALED, "签章的时候，印章不在有效期内。"),
        (Question.SEAL_VALID_NOW, "有的问题回答是否，见下面逐项结果。"),
        (Question.LICENCE_IN_FORCE, "文件是真的，但现在不能用：licence_in_force。"),
        (Question.MARKS_PERMIT_USE, "文件是真的，但现在不能用：marks_permit_use。"),
    ],
)
def test_advice_when_one_question_is_denied_then_its_sentence_and_keep_out(
    question, sentence
) -> None:
    advice = advice_on(finding({question: NO}))
    assert advice.sentence == sentence
    assert advice.steps[0] == "不要收下作为依据。"


def test_advice_when_several_are_denied_then_being_genuine_comes_before_being_usable() -> None:
    changed = finding({Question.LICENCE_IN_FORCE: NO, Question.REFERENCES_MATCH: NO})
    assert advice_on(changed).sentence == "文件在签章以后被改动过，或者缺了内容。"
    stopped = finding({Question.LICENCE_IN_FORCE: NO, Question.MARKS_PERMIT_USE: NO})
    assert advice_on(stopped).sentence == (
        "文件是真的，但现在不能用：licence_in_force；marks_permit_use。"
    )


def test_advice_when_nothing_is_denied_then_by_what_is_not_known() -> None:
    assert advice_on(finding({})).sentence == "证照有效，文件没有改动。"
    unknown = {Question.NOT_REVOKED: NOT_KNOWN}
    assert advice_on(finding(unknown)).sentence == "有的问题现在回答不了，所以不能确定。"
    elsewhere = finding({Question.LICENCE_KNOWN: NOT_KNOWN}, "issued_elsewhere")
    assert advice_on(elsewhere).sentence == "这份证照不是本县制发的，这里查不到它现在有没有效。"
    assert advice_on(FileFinding(problem_code="x", problem="打不开。")).sentence == "打不开。"


def test_answers_when_counted_then_yes_and_no_always_the_others_where_there_are_any() -> None:
    assert counted(given(finding({}))) == "13 是　0 否"
    mixed = {Question.NOT_REVOKED: NOT_KNOWN, Question.MARKS_PERMIT_USE: Answer.NOT_ASKED}
    assert counted(given(finding(mixed))) == "11 是　0 否　1 不知道　1 未问"

"""The ten answers of a verification, in their fixed order; each fails closed (M.19, P.2.3.3).

Who shows it and whether the code is fresh comes from the reading; the rest is asked here of the
register, the stored file, the seal and the exchange with the city. No network: what the city
said stands in our own messages.
"""

from collections.abc import Sequence
from datetime import timedelta

from seals.documents.questions import VERIFICATION_ORDER, Answer, Answered, Question
from usage.verifying.file_proofs import file_answers
from usage.verifying.register_status import in_force_answer, marks_answer
from usage.verifying.version_facts import VersionFacts
from zezhou_portal.kernel import clock

# Until the city has answered within this time, that it has not is no reason to doubt (ours):
# M.9 gives one working day.
CITY_MAY_TAKE = timedelta(days=1)
NOT_SHOWN = Answered(
    Question.PRESENTED_BY_HOLDER, Answer.NOT_ASKED, "not_shown", "不是持证人用手机亮证"
)
NO_CODE = Answered(Question.CODE_FRESH, Answer.NOT_ASKED, "no_code", "没有用亮证码")
NO_LIST = Answered(
    Question.SCENARIO_LISTED, Answer.NOT_ASKED, "no_lists_yet", "各单位的用证清单还没有公布"
)


def answers_on(
    facts: VersionFacts, *, presented: Answered = NOT_SHOWN, fresh: Answered = NO_CODE
) -> tuple[Answered, ...]:
    """Every question asked of one version as it stands now. Article: M.19."""
    intact, right, then = file_answers(facts.file)
    return in_asked_order(
        [
            presented,
            fresh,
            NO_LIST,
            in_force_answer(facts),
            marks_answer(facts.marks),
            intact,
            right,
            then,
            seal_answer(facts, then),
            city_answer(facts),
        ]
    )


def none_asked(presented: Answered, fresh: Answered) -> tuple[Answered, ...]:
    """The answers where the code led to no licence: nothing further is asked."""
    given = {presented.question: presented, fresh.question: fresh}
    rest = [
        Answered(question, Answer.NOT_ASKED, "not_reached", "前面已有否定答案，没有再问")
        for question in VERIFICATION_ORDER
        if question not in given
    ]
    return in_asked_order([*given.values(), *rest])


def seal_answer(facts: VersionFacts, when_sealed: Answered) -> Answered:
    """Whether the seal is valid now. Article: S.8, S.15, S.16.

    A seal that ran out or was cancelled after it was used leaves what it sealed as it was. One
    that is blocked (lost, out of control) leaves doubt: *not known*, neither yes nor no (ours).
    """
    question, seal = Question.SEAL_VALID_NOW, facts.version.seal_use.seal
    if facts.file is None:
        return Answered(question, Answer.NOT_ASKED, "no_file", "证照文件还没有做好")
    if seal.state == "BLOCKED":
        day = clock.beijing_day(seal.state_since)
        reason = f"{seal.name}已于 {day:%Y-%m-%d} 停用，正在核查"
        return Answered(question, Answer.NOT_KNOWN, "seal_blocked", reason)
    now = clock.now()
    ended = seal.state in {"EXPIRED", "CANCELLED"} or not seal.valid_from <= now <= seal.valid_until
    if not ended:
        return Answered(question, Answer.YES)
    if when_sealed.answer is Answer.YES:
        words = "印章后来已停止使用；签章时有效，不影响这份证照"
        return Answered(question, Answer.NOT_ASKED, "ended_since", words)
    return Answered(question, Answer.NOT_KNOWN, "seal_ended", "印章已经停止使用")


def city_answer(facts: VersionFacts) -> Answered:
    """Whether the city holds this very version, by its answers to our messages. Article: M.8.

    While it may still take its time nothing is asked of it; after that, or when it refused, it
    is *not known*.
    """
    question = Question.CITY_HAS_VERSION
    if facts.file is None:
        return Answered(question, Answer.NOT_ASKED, "no_file", "证照文件还没有做好")
    message = facts.city_message
    if message is None or message.digest != facts.file.digest:
        return Answered(question, Answer.NOT_KNOWN, "other_version", "推送给市平台的不是这一版")
    if message.state == "ACCEPTED":
        return Answered(question, Answer.YES)
    if message.state == "REFUSED":
        return Answered(question, Answer.NOT_KNOWN, "city_refused", "市平台退回了这一版，正在处理")
    if message.state != "GIVEN_UP" and clock.now() - message.posted_at < CITY_MAY_TAKE:
        return Answered(question, Answer.NOT_ASKED, "city_on_the_way", "刚推送，市平台还没有答复")
    return Answered(question, Answer.NOT_KNOWN, "city_silent", "市平台一直没有答复")


def in_asked_order(answers: Sequence[Answered]) -> tuple[Answered, ...]:
    """The answers to all ten questions, in the published order."""
    given = {one.question: one for one in answers}
    return tuple(given[question] for question in VERIFICATION_ORDER)


def as_rows(answers: Sequence[Answered]) -> list[dict[str, str]]:
    """Answers as a verification keeps them and the interface gives them."""
    return [
        {
            "code": str(one.question),
            "answer": str(one.answer),
            "reason_code": one.reason_code,
            "reason": one.reason,
        }
        for one in answers
    ]


def from_rows(rows: Sequence[dict[str, str]]) -> tuple[Answered, ...]:
    """Kept answers, read back."""
    return tuple(
        Answered(Question(row["code"]), Answer(row["answer"]), row["reason_code"], row["reason"])
        for row in rows
    )

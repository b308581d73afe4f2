"""From answers to an outcome: total, the same each time, and never valid in doubt (M.19)."""

from itertools import permutations

import pytest
from hypothesis import given, strategies

from seals.documents.questions import VERIFICATION_ORDER, Answer, Answered, Question, Verdict
from usage.verifying.outcomes import BY_KEY, NEEDED, Outcome, outcome_of

REASONS = strategies.sampled_from(
    ["", "no_file", "revocation_no", "seal_blocked", "valid", "not_reachable", "seal_blocked",
     "none such", *BY_KEY]
)  # fmt: skip
ANSWERED = strategies.builds(
    Answered,
    strategies.sampled_from(list(Question)),
    strategies.sampled_from(list(Answer)),
    REASONS,
    strategies.text(max_size=4),
)
ALL_YES = [Answered(question, Answer.YES) for question in VERIFICATION_ORDER]


@given(answers=strategies.lists(ANSWERED, max_size=14))
def test_outcome_when_answers_are_arbitrary_then_fails_closed(answers: list[Answered]) -> None:
    outcome = outcome_of(answers)
    given_ = {one.answer for one in answers}
    if Answer.NO in given_:
        assert outcome.verdict is Verdict.FAILED
    elif Answer.NOT_KNOWN in given_:
        assert outcome.verdict is Verdict.INDETERMINATE
    yes = {one.question for one in answers if one.answer is Answer.YES}
    if outcome is Outcome.VALID:
        assert not given_ & {Answer.NO, Answer.NOT_KNOWN}
        assert set(NEEDED) <= yes
    assert outcome_of(answers) is outcome
    assert outcome_of(reversed(answers)).verdict is outcome.verdict


@given(
    answers=strategies.lists(
        ANSWERED, max_size=8, unique_by=lambda one: one.question
    ),
    where=strategies.randoms(),
)  # fmt: skip
def test_outcome_when_answers_come_in_another_order_then_the_same(
    answers: list[Answered], where: object
) -> None:
    shuffled = list(answers)
    where.shuffle(shuffled)  # type: ignore[attr-defined]
    assert outcome_of(shuffled) is outcome_of(answers)


@pytest.mark.article("M.19")
def test_outcome_when_all_is_yes_then_valid_and_without_a_needed_yes_not() -> None:
    assert outcome_of(ALL_YES) is Outcome.VALID
    assert outcome_of([]) is Outcome.NOT_REACHABLE
    for question in NEEDED:
        rest = [one for one in ALL_YES if one.question is not question]
        assert outcome_of(rest) is Outcome.NOT_REACHABLE
        assert outcome_of([*rest, Answered(question, Answer.NOT_ASKED)]) is Outcome.NOT_REACHABLE


def test_outcome_when_a_question_is_answered_twice_then_the_graver_counts() -> None:
    no = Answered(Question.LICENCE_IN_FORCE, Answer.NO, "revoked")
    for answers in permutations([no, *ALL_YES[:3]]):
        assert outcome_of([*ALL_YES, *answers]) is Outcome.REVOKED


@pytest.mark.parametrize("question", Question)
def test_outcome_when_one_answer_is_no_then_failed_whatever_the_reason(question: Question) -> None:
    rest = [one for one in ALL_YES if one.question is not question]
    for reason in ("", "none such", "valid", "not_reachable"):
        outcome = outcome_of([*rest, Answered(question, Answer.NO, reason)])
        assert outcome.verdict is Verdict.FAILED, (question, reason)


def test_outcome_when_one_answer_is_not_known_then_undecided() -> None:
    for question in Question:
        rest = [one for one in ALL_YES if one.question is not question]
        outcome = outcome_of([*rest, Answered(question, Answer.NOT_KNOWN)])
        assert outcome is Outcome.NOT_REACHABLE


def test_outcomes_when_listed_then_each_is_told_apart() -> None:
    codes = [one.code for one in Outcome]
    assert len(set(codes)) == len(codes) == len(BY_KEY)
    assert len({one.sentence for one in Outcome}) == len(codes)
    assert all(code[0] == "V" and code[1:].isdigit() for code in codes)
    wanted = {
        "not_found", "wrong", "code_expired", "code_used", "withdrawn", "switched_off", "detained",
        "revoked", "objected", "superseded", "seal_blocked", "not_reachable",
    }  # fmt: skip
    assert wanted <= BY_KEY.keys()
    for one in Outcome:
        assert one.steps, one
        assert all(step.endswith("。") for step in (one.sentence, *one.steps))
        assert "成功" not in one.sentence

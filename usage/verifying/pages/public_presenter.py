"""Readings as the result pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seals.documents.questions import Answer, Verdict
from usage.models import Mode, Verification
from usage.verifying.advice import counted
from usage.verifying.answers import from_rows
from usage.verifying.disclosure import Seen
from usage.verifying.outcomes import BY_KEY, Outcome
from usage.verifying.pages.file_presenter import Ask, Band, asks_of
from usage.verifying.redeeming import Read, again, worst
from usage.verifying.register_answers import in_force_answer, marks_answer
from usage.verifying.version_facts import Shown, marks_of

VOICES = {Verdict.PASSED: "yes", Verdict.FAILED: "no", Verdict.INDETERMINATE: "unknown"}
# Readers of a code or a paper are told of the licence; these outcomes say nothing of any.
_ON_PAPER = frozenset({Mode.PRINTED.value, Mode.TYPED.value, Mode.COPY.value})
# What is printed counts as a copy, however valid the licence is (S.10).
_PAPER_STEPS = (
    "拿手里的纸和下面逐项对：证照、编号、持证主体、有效期，有一项不同就不要收。",
    "打印的视同复印件。要有效力的，请对方亮证，或者发来盖章的 OFD 文件。",
)
_SILENT = frozenset({Outcome.SWITCHED_OFF, Outcome.MANDATE_ENDED, Outcome.COPY_EXPIRED})


@dataclass(frozen=True)
class Result:
    """One licence of a reading, or that a code led to none."""

    verification: Verification
    outcome: Outcome
    seen: Seen | None
    asks: list[Ask]
    counts: str
    change: str

    @property
    def band(self) -> Band:
        """The bottom line of this one."""
        return band_of_outcome(self.outcome)

    @property
    def steps(self) -> tuple[str, ...]:
        """What to do next: paper that passed has still to be compared."""
        is_paper = self.verification.mode in _ON_PAPER
        return _PAPER_STEPS if is_paper and self.outcome is Outcome.VALID else self.outcome.steps


def band_of_outcome(outcome: Outcome) -> Band:
    """An outcome across the page."""
    return Band(VOICES[outcome.verdict], outcome.verdict.word, outcome.sentence)


def band_of_results(results: Sequence[Result]) -> Band:
    """The band of the one licence, else of all of them: the gravest, and the counts."""
    if len(results) == 1:
        return results[0].band
    found = [one.outcome.verdict for one in results]
    gravest = worst([one.outcome for one in results])
    parts = [f"{found.count(one)} 份{one.word}" for one in Verdict if one in found]
    sentence = f"一共 {len(results)} 份：{'，'.join(parts)}。"
    return Band(VOICES[gravest.verdict], gravest.verdict.word, sentence)


def result_of_read(read: Read, change: str = "") -> Result:
    """A reading in words."""
    answers = from_rows(read.verification.answers)
    return Result(
        read.verification, read.outcome, read.seen, asks_of(answers), counted(answers), change
    )


def second_look(
    verification: Verification, shown: Mapping[int, Shown], *, is_verifier: bool
) -> Result:
    """A verification that was made, as its reader sees it again, and what has changed since."""
    outcome = BY_KEY[verification.outcome]
    found = shown.get(verification.version_id) if verification.version_id else None
    if found is None or outcome in _SILENT:
        return result_of_read(Read(verification, outcome, None))
    given = Shown(found.version, tuple(verification.items), found.is_switched_off)
    read = again(verification, given, is_verifier=is_verifier)
    return result_of_read(read, _change(verification, found))


def _change(verification: Verification, shown: Shown) -> str:
    """What no longer holds of a verification that passed; nothing where all does."""
    if verification.verdict != Verdict.PASSED.value:
        return ""
    now = (in_force_answer(shown.version), marks_answer(marks_of(shown.version)))
    return "；".join(one.reason for one in now if one.answer is not Answer.YES)


def denials(verification: Verification) -> str:
    """The reasons of everything that was answered no, in one sentence."""
    rows = from_rows(verification.answers)
    return "；".join(one.reason.rstrip("。") for one in rows if one.answer is Answer.NO)

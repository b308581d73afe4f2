"""A verification as its viewer is shown it: bottom line, next steps, what may be seen, answers.

There are two viewers of a page: a verifier on duty sees what the holder chose for them and may
rely on it; anybody else sees what anybody may. The interface gives the same as JSON.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.urls import reverse

from seals.documents.questions import Answer, Answered, Question, Verdict
from usage.models import Mode, UsageRecord, Verification
from usage.verifying.advice import counted
from usage.verifying.answers import from_rows
from usage.verifying.disclosure import Field, may_see_items
from usage.verifying.outcomes import BY_KEY, Outcome
from usage.verifying.register_status import PublicSummary, in_force_answer, marks_answer
from usage.verifying.relying import refusal_of
from usage.verifying.results import LicenceResult, again, worst
from usage.verifying.selectors import facts_behind, relied_on
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.regulation.limits import READING_STAYS_OPEN

VOICES = {Verdict.PASSED: "yes", Verdict.FAILED: "no", Verdict.INDETERMINATE: "unknown"}
# the silhouettes of the answers: those of the band are cut out of a solid ground
_SMALL_ICONS = {"yes": "s-in-force", "no": "s-revoked", "unknown": "a-unknown"}
_ON_PAPER = frozenset({Mode.PRINTED.value, Mode.TYPED.value, Mode.COPY.value})
# What is printed counts as a copy, however valid the licence is (S.10).
_PAPER_STEPS = (
    "拿手里的纸和下面逐项对：证照、编号、持证主体、有效期，有一项不同就不要收。",
    "打印的视同复印件。要有效力的，请对方亮证，或者发来盖章的 OFD 文件。",
)
# Said of what stands on paper where the register's licence is in force: the paper itself is a copy.
_PAPER_SENTENCE = (
    "登记库里的这份证照现在有效。手里的纸视同复印件，不能单凭它办事（印章办法第十条）。"
)
# Of which file these were answered, where nobody has sent one.
_OF_THE_FILE = frozenset(
    {Question.FILE_INTACT, Question.SIGNATURE_RIGHT, Question.SEAL_VALID_WHEN_SEALED}
)
_REGISTERS_FILE = "问的是登记库里存的文件，不是手里的纸"
# kind, holder, number, issuer, day of issue, term, state, version
_SUMMARY_LINES = 8
# The word over the register's present answer on what is printed on paper.
_PRESENT_WORDS = {"yes": "现在有效", "no": "现在不能用", "unknown": "现在不能确定"}


class Viewer(Enum):
    """Who looks at the page."""

    ANYBODY = "anybody"
    VERIFIER = "verifier"


def viewer_of(actor: Actor) -> Viewer:
    """As whom somebody looks at a verification that they made."""
    return Viewer.VERIFIER if may_see_items(actor) else Viewer.ANYBODY


@dataclass(frozen=True)
class Band:
    """The bottom line across the page, for `_verdict.html`: voice, word and one sentence."""

    css: str
    word: str
    sentence: str

    @property
    def icon(self) -> str:
        """The symbol of the voice."""
        return f"v-{self.css}"

    @property
    def small_icon(self) -> str:
        """The symbol of the voice beside text."""
        return _SMALL_ICONS[self.css]


@dataclass(frozen=True)
class Ask:
    """One answered question, for `_asks.html`."""

    question: str
    answer: str
    reason: str


@dataclass(frozen=True)
class Item:
    """One chosen item, whether somebody has objected to it, and the address of a picture."""

    name: str
    text: str
    is_objected: bool
    picture: str = ""


@dataclass(frozen=True)
class LicenceSheet:
    """One licence of the page, or that nothing was led to.

    `other_marks` are those that stand at no item. `change`: what no longer holds of a
    verification that passed.
    """

    verification: Verification
    viewer: Viewer
    outcome: Outcome
    band: Band
    summary: PublicSummary | None
    items: Sequence[Item]
    other_marks: Sequence[tuple[str, str]]
    asks: Sequence[Ask]
    counts: str
    change: str
    relied: UsageRecord | None
    may_be_relied_on: bool

    @property
    def kind(self) -> str:
        """What kind of licence it is, as far as the viewer may know."""
        licence = self.verification.licence
        if self.viewer is Viewer.VERIFIER and licence is not None:
            return licence.kind_name
        return self.summary.kind if self.summary else ""

    @property
    def line_count(self) -> int:
        """How many lines of the licence the viewer sees."""
        return _SUMMARY_LINES + len(self.items)

    @property
    def steps(self) -> Sequence[str]:
        """What to do next: who has only the paper has still to compare it."""
        is_valid = self.outcome is Outcome.VALID
        return _PAPER_STEPS if is_valid and is_on_paper(self.verification) else self.outcome.steps

    @property
    def steps_come_last(self) -> bool:
        """Whether what is seen comes before what to do: for a verifier where all is well."""
        return self.viewer is Viewer.VERIFIER and self.outcome is Outcome.VALID


@dataclass(frozen=True)
class Sheet:
    """The whole page: one bottom line, and its licences; open for some minutes."""

    viewer: Viewer
    band: Band
    licences: Sequence[LicenceSheet]
    is_open: bool = True

    @property
    def is_many(self) -> bool:
        """Whether several licences were shown together."""
        return len(self.licences) > 1

    @property
    def is_for_verifier(self) -> bool:
        """Whether a verifier on duty looks."""
        return self.viewer is Viewer.VERIFIER

    @property
    def is_over(self) -> bool:
        """Whether nothing but the bottom line is left: anybody's look, after its minutes."""
        return not self.is_open and not self.is_for_verifier

    @property
    def may_ask_past_day(self) -> bool:
        """Whether a past day may be asked about."""
        return self.is_for_verifier and may_ask_past_day(self.licences[0].verification)


def sheet_of(
    results: Sequence[LicenceResult],
    viewer: Viewer,
    *,
    relied: Mapping[int, UsageRecord] | None = None,
    is_open: bool = True,
) -> Sheet:
    """The page of results that came of one verification."""
    sheets = [
        _licence_sheet(result, viewer, (relied or {}).get(result.verification.pk))
        for result in results
    ]
    return Sheet(viewer, _band_over(sheets), sheets, is_open)


def sheet_again(verifications: Sequence[Verification], viewer: Viewer) -> Sheet:
    """The page of verifications that were made together; fields only for ten minutes."""
    is_open = clock.now() < open_until(verifications[0])
    facts = facts_behind(verifications) if is_open else {}
    is_verifier = viewer is Viewer.VERIFIER
    results = [
        again(row, facts.get(row.version_id or 0), is_verifier=is_verifier) for row in verifications
    ]
    relied = relied_on(verifications) if is_verifier else {}
    return sheet_of(results, viewer, relied=relied, is_open=is_open)


def present_band(result: LicenceResult) -> Band:
    """The bottom line of what is printed: the register's word of now, with its reasons."""
    voice = VOICES[result.outcome.verdict]
    if result.outcome is Outcome.VALID:
        sentence = "这是登记库里的现状。请和手里的照面逐项对一对。"
    elif result.disclosure is None or voice == "unknown":
        sentence = result.outcome.sentence
    else:
        rows = from_rows(result.verification.answers)
        denied = [row.reason.rstrip("。") for row in rows if row.answer is Answer.NO]
        sentence = f"这是登记库里的现状：{'；'.join(denied)}。"
    return Band(voice, _PRESENT_WORDS[voice], sentence)


def is_on_paper(row: Verification) -> bool:
    """Whether what was verified stands on paper: a copy, whatever the register says (S.10)."""
    return row.mode in _ON_PAPER


def band_of(row: Verification) -> Band:
    """The bottom line of one verification; of paper only that the licence is in force now."""
    outcome = BY_KEY[row.outcome]
    voice = VOICES[outcome.verdict]
    is_present = is_on_paper(row) and row.on_day is None and outcome is Outcome.VALID
    word = _PRESENT_WORDS[voice] if is_present else outcome.verdict.word
    return Band(voice, word, sentence_of(row))


def sentence_of(row: Verification) -> str:
    """The sentence under the word; of a past day it says so, and of paper that it is a copy."""
    outcome = BY_KEY[row.outcome]
    if row.on_day is None:
        is_copy = outcome is Outcome.VALID and is_on_paper(row)
        return _PAPER_SENTENCE if is_copy else outcome.sentence
    day = f"{row.on_day.year}年{row.on_day.month}月{row.on_day.day}日"
    if outcome is Outcome.VALID:
        return f"{day}那一天，证照有效。只说明那一天。"
    return f"按{day}查：{outcome.sentence}"


def counted_verdicts(verdicts: Sequence[Verdict], unit: str) -> str:
    """Several verdicts in words: how many there are of each."""
    parts = [f"{verdicts.count(one)} {unit}{one.word}" for one in Verdict if one in verdicts]
    return "，".join(parts)


def asks_of(answers: Iterable[Answered], *, on_paper: bool = False) -> list[Ask]:
    """Answers as `_asks.html` takes them; of paper it is said which file they are about."""
    return [
        Ask(one.question.sentence, one.answer.value, _reason(one, on_paper=on_paper))
        for one in answers
    ]


def _reason(one: Answered, *, on_paper: bool) -> str:
    is_of_file = on_paper and one.answer is Answer.YES and one.question in _OF_THE_FILE
    return one.reason or (_REGISTERS_FILE if is_of_file else "")


def open_until(row: Verification) -> datetime:
    """Until when what a verification brought may be looked at again."""
    return row.at + READING_STAYS_OPEN


def may_ask_past_day(row: Verification) -> bool:
    """Whether a past day may be asked about: of what stands on paper, while it lies open."""
    is_paper = row.mode in {Mode.PRINTED, Mode.TYPED} and row.licence_id is not None
    return is_paper and clock.now() < open_until(row)


def outcome_json(outcome: Outcome) -> dict[str, str]:
    """An outcome as the interface gives it."""
    return {"code": outcome.code, "key": outcome.key, "words": outcome.sentence}


def licence_json(result: LicenceResult) -> dict[str, Any]:
    """One licence of a verification as the interface gives it."""
    row, shown = result.verification, result.disclosure
    fields = [
        {
            "key": field.key,
            "name": field.name,
            "text": field.text,
            "picture": _picture_of(row, field),
        }
        for field in (shown.fields if shown else ())
    ]
    return {
        "number": row.number,
        "outcome": {**outcome_json(result.outcome), "words": sentence_of(row)},
        "verdict": row.verdict,
        "answers": row.answers,
        "licence": shown.summary.as_json() if shown else None,
        "fields": fields or None,
    }


def _licence_sheet(
    result: LicenceResult, viewer: Viewer, relied: UsageRecord | None
) -> LicenceSheet:
    row, shown = result.verification, result.disclosure
    answers = from_rows(row.answers)
    marks = shown.summary.marks if shown else ()
    # the holder's name stands in the summary
    fields = [field for field in shown.fields if field.key != "holder_name"] if shown else []
    named = {field.name for field in fields}
    return LicenceSheet(
        verification=row,
        viewer=viewer,
        outcome=result.outcome,
        band=band_of(row),
        summary=shown.summary if shown else None,
        items=[
            Item(
                field.name,
                field.text,
                ("OBJECTED", field.name) in marks,
                _picture_of(row, field),
            )
            for field in fields
        ],
        other_marks=[mark for mark in marks if mark[0] != "OBJECTED" or mark[1] not in named],
        asks=asks_of(answers, on_paper=is_on_paper(row)),
        counts=counted(answers),
        change=_change(result),
        relied=relied,
        may_be_relied_on=viewer is Viewer.VERIFIER and relied is None and not refusal_of(row),
    )


def _picture_of(row: Verification, field: Field) -> str:
    """The address of a picture, which asks for the same right as the page it stands on."""
    if not field.is_picture:
        return ""
    return reverse("usage:check-picture-of", args=[row.uuid, field.key])


def _change(result: LicenceResult) -> str:
    """What no longer holds of a verification that passed; nothing where all does."""
    row, facts = result.verification, result.facts
    if facts is None or row.on_day is not None or row.verdict != Verdict.PASSED.value:
        return ""
    now = (in_force_answer(facts), marks_answer(facts.marks))
    return "；".join(answer.reason for answer in now if answer.answer is not Answer.YES)


def _band_over(sheets: Sequence[LicenceSheet]) -> Band:
    """The band of the one licence, else of all of them: the gravest, and the counts."""
    outcome = worst([sheet.outcome for sheet in sheets])
    gravest = next(sheet for sheet in sheets if sheet.outcome is outcome)
    if len(sheets) == 1:
        return gravest.band
    verdicts = counted_verdicts([sheet.outcome.verdict for sheet in sheets], "份")
    return Band(gravest.band.css, gravest.band.word, f"一共 {len(sheets)} 份：{verdicts}。")

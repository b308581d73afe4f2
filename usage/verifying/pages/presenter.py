"""A verdict as its page shows it: bottom line, next steps, what may be seen, the ten answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seals.documents.questions import Verdict
from usage.models import Mode, UsageRecord, Verification
from usage.verifying.advice import counted
from usage.verifying.answers import from_rows
from usage.verifying.disclosure import Field
from usage.verifying.outcomes import BY_KEY, Outcome
from usage.verifying.pages.file_presenter import Ask, Band, asks_of
from usage.verifying.redeeming import again, worst
from usage.verifying.register_answers import PublicPart, without_identity
from usage.verifying.relying import refusal_of
from usage.verifying.selectors import relied_on, shown_by
from usage.verifying.version_facts import Shown
from zezhou_portal.kernel import clock
from zezhou_portal.regulation.limits import READING_STAYS_OPEN

_VOICES = {Verdict.PASSED: "yes", Verdict.FAILED: "no", Verdict.INDETERMINATE: "unknown"}
# the silhouettes of the answers: those of the band are cut out of a solid ground
_SMALL_ICONS = {"yes": "s-in-force", "no": "s-revoked", "unknown": "a-unknown"}
_HIDDEN = frozenset({Outcome.SWITCHED_OFF, Outcome.COPY_EXPIRED})
# the lines that the public part takes: kind, holder, number, issuer, term, state
_LINES = 6


@dataclass(frozen=True)
class Bottom(Band):
    """A bottom line that also stands in lists."""

    @property
    def small_icon(self) -> str:
        """The symbol of the voice beside text."""
        return _SMALL_ICONS[self.css]


@dataclass(frozen=True)
class Line:
    """One chosen item, and whether somebody has objected to it."""

    name: str
    text: str
    is_objected: bool


@dataclass(frozen=True)
class Block:
    """One licence of a verdict."""

    verification: Verification
    outcome: Outcome
    band: Bottom
    part: PublicPart | None
    lines: Sequence[Line]
    other_marks: Sequence[tuple[str, str]]
    asks: Sequence[Ask]
    counts: str
    relied: UsageRecord | None
    may_be_relied_on: bool

    @property
    def kind(self) -> str:
        """What kind of licence it was, as long as that is known."""
        licence = self.verification.licence
        return licence.kind_name if licence is not None else ""

    @property
    def count(self) -> int:
        """How many lines the reader sees."""
        return _LINES + len(self.lines)


@dataclass(frozen=True)
class Sheet:
    """The whole page: one bottom line, and its licences."""

    band: Bottom
    steps: Sequence[str]
    blocks: Sequence[Block]
    is_open: bool
    open_until: datetime

    @property
    def is_many(self) -> bool:
        """Whether several licences were shown together."""
        return len(self.blocks) > 1

    @property
    def passed(self) -> bool:
        """Whether everything passed: then what is seen comes before what to do."""
        return self.band.css == "yes"


def sheet_of(verifications: Sequence[Verification]) -> Sheet:
    """The page of verifications that were made together; fields only for ten minutes."""
    first = verifications[0]
    until = first.at + READING_STAYS_OPEN
    is_open = clock.now() < until
    shown = shown_by(verifications) if is_open else {}
    relied = relied_on(verifications)
    blocks = [
        _block(one, shown.get(one.version_id or 0), relied.get(one.pk)) for one in verifications
    ]
    outcome = worst([one.outcome for one in blocks])
    gravest = next(one for one in blocks if one.outcome is outcome)
    return Sheet(
        band=_band(blocks, gravest),
        steps=outcome.steps,
        blocks=blocks,
        is_open=is_open and any(one.part for one in blocks),
        open_until=until,
    )


def _block(row: Verification, shown: Shown | None, relied: UsageRecord | None) -> Block:
    outcome = BY_KEY[row.outcome]
    hidden = shown is None or outcome in _HIDDEN
    seen = None if hidden or shown is None else again(row, shown, is_verifier=True).seen
    answers = from_rows(row.answers)
    marks = seen.part.marks if seen else ()
    # the holder's name stands in the part that anybody sees
    fields: list[Field] = [one for one in seen.fields if one.key != "holder_name"] if seen else []
    named = {field.name for field in fields}
    return Block(
        verification=row,
        outcome=outcome,
        band=bottom_of(row),
        part=seen.part if seen else None,
        lines=[Line(one.name, one.text, ("OBJECTED", one.name) in marks) for one in fields],
        other_marks=[one for one in marks if one[0] != "OBJECTED" or one[1] not in named],
        asks=asks_of(answers),
        counts=counted(answers),
        relied=relied,
        may_be_relied_on=relied is None and not refusal_of(row),
    )


def bottom_of(row: Verification) -> Bottom:
    """The bottom line of one verification."""
    outcome = BY_KEY[row.outcome]
    return Bottom(_VOICES[outcome.verdict], outcome.verdict.word, sentence_of(row, outcome))


def sentence_of(row: Verification, outcome: Outcome) -> str:
    """The sentence under the word; of a past day it says so."""
    if row.on_day is None:
        return outcome.sentence
    day = f"{row.on_day.year}年{row.on_day.month}月{row.on_day.day}日"
    if outcome is Outcome.VALID:
        return f"{day}那一天，证照有效。只说明那一天。"
    return f"按{day}查：{outcome.sentence}"


def _band(blocks: Sequence[Block], gravest: Block) -> Bottom:
    if len(blocks) == 1:
        return gravest.band
    outcomes = [one.outcome.verdict for one in blocks]
    parts = [f"{outcomes.count(one)} 份{one.word}" for one in Verdict if one in outcomes]
    sentence = f"一共 {len(blocks)} 份：{'，'.join(parts)}。"
    return Bottom(gravest.band.css, gravest.band.word, sentence)


def may_ask_past_day(row: Verification) -> bool:
    """Whether a past day may be asked about: of what stands on paper, while it lies open."""
    is_paper = row.mode in {Mode.PRINTED, Mode.TYPED} and row.licence_id is not None
    return is_paper and clock.now() < row.at + READING_STAYS_OPEN


def masked_number(number: str) -> str:
    """A licence's number as a list shows it: kinds that are numbered after a person masked."""
    return without_identity(number)

"""A file's verdict as the result page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seals.documents.findings import SignatureFinding, SignatureKind
from seals.documents.questions import Answered, Verdict
from usage.verifying.advice import Advice, advice_on, counted, given
from usage.verifying.file_verdicts import FileVerdict
from usage.verifying.register_answers import PublicPart

_VOICES = {Verdict.PASSED: "yes", Verdict.FAILED: "no", Verdict.INDETERMINATE: "unknown"}
_WORST_FIRST = (Verdict.FAILED, Verdict.INDETERMINATE, Verdict.PASSED)
_LONGEST = 120
# What a file says of itself (GB/T 36903), shown as nobody's word but its own; never a holder.
_OWN_WORDS = (("ZZMC", "证照"), ("ZZBH", "编号"), ("ZZBFJG", "制发单位"), ("ZZBS", "证照标识"))


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


@dataclass(frozen=True)
class Ask:
    """One answered question, for `_asks.html`."""

    question: str
    answer: str
    reason: str


@dataclass(frozen=True)
class SignatureBlock:
    """One signature: who, with which seal, when, and its answers."""

    title: str
    seal: str
    signer: str
    signed_at: datetime | None
    counts: str
    asks: list[Ask]


@dataclass(frozen=True)
class Result:
    """Everything the page says of one file."""

    name: str
    size: int
    digest: str
    band: Band
    advice: Advice
    licence: PublicPart | None
    own_words: list[tuple[str, str]]
    signatures: list[SignatureBlock]
    asks: list[Ask]
    counts: str


def result_of(verdict: FileVerdict) -> Result:
    """One file's verdict in words."""
    finding = verdict.finding
    advice = advice_on(finding)
    own = [
        (words, finding.custom_data[key][:_LONGEST])
        for key, words in _OWN_WORDS
        if finding.custom_data.get(key)
    ]
    return Result(
        name=verdict.file_name[:_LONGEST],
        size=verdict.size,
        digest=verdict.digest,
        band=Band(_VOICES[verdict.verdict], verdict.verdict.word, advice.sentence),
        advice=advice,
        licence=verdict.licence,
        own_words=[] if verdict.licence else own,
        signatures=[_block(one, place) for place, one in enumerate(finding.signatures, start=1)],
        asks=asks_of(finding.answers),
        counts=counted(given(finding)),
    )


def asks_of(answers: Sequence[Answered]) -> list[Ask]:
    """Answers as `_asks.html` takes them."""
    return [Ask(one.question.sentence, one.answer.value, one.reason) for one in answers]


def band_of(verdicts: Sequence[FileVerdict], results: Sequence[Result]) -> Band:
    """The band of the one file, else of all of them: the worst verdict, and the counts."""
    if len(results) == 1:
        return results[0].band
    found = [one.verdict for one in verdicts]
    worst = next(one for one in _WORST_FIRST if one in found)
    parts = [f"{found.count(one)} 个{one.word}" for one in Verdict if one in found]
    return Band(_VOICES[worst], worst.word, f"一共 {len(found)} 个文件：{'，'.join(parts)}。")


def _block(one: SignatureFinding, place: int) -> SignatureBlock:
    is_seal = one.kind is SignatureKind.SEAL
    return SignatureBlock(
        title=f"第 {place} 个{'印章' if is_seal else '签名'}",
        seal=one.seal.name[:_LONGEST] if one.seal else "",
        signer=one.signer[:_LONGEST],
        signed_at=one.signed_at,
        counts=counted(one.answers),
        asks=asks_of(one.answers),
    )

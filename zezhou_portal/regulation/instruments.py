"""The three instruments and their terms (M.32, S.19).

The Measures were valid for two years from issue and have ended by their own words; a
successor is loaded as data (`SuccessorInstrument` rows in `parties`), never typed in here.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Instrument:
    """One text: `code` is the letter articles are cited by; `ends_on` is its last day."""

    code: str
    title: str
    number: str
    issued_on: date
    ends_on: date | None
    short: str

    def in_force(self, on: date) -> bool:
        """Whether the text is in force on a day."""
        return self.issued_on <= on and (self.ends_on is None or on <= self.ends_on)


MEASURES = Instrument(
    "M", "泽州县电子证照管理和应用暂行办法（试行）", "泽政办发〔2022〕25号",
    date(2022, 11, 25), date(2024, 11, 24), "办法",
)  # fmt: skip
SEALS = Instrument(
    "S", "泽州县一体化在线政务服务平台电子印章管理暂行办法（试行）", "泽政办发〔2022〕25号",
    date(2022, 11, 25), None, "印章办法",
)  # fmt: skip
PLAN = Instrument(
    "P", "关于加快推进电子证照和电子印章社会化应用实现“免证办”工作方案", "泽政办发〔2022〕25号",
    date(2022, 11, 25), None, "方案",
)  # fmt: skip
INSTRUMENTS = {instrument.code: instrument for instrument in (MEASURES, SEALS, PLAN)}


def instrument_of(reference: str) -> Instrument:
    """The instrument an article reference such as `M.9` belongs to; KeyError if none."""
    return INSTRUMENTS[reference.split(".", 1)[0]]


def in_force(reference: str, on: date) -> bool:
    """Whether the instrument of an article is in force on a day, by its own words."""
    return instrument_of(reference).in_force(on)

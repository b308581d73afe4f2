"""The regulated numbers on a day: those of `limits`, until a successor's first day changes one.

A successor of an instrument (M.32) may set other days and years; the room that keeps the
successors registers who reads them (`CHANGES`). A number holds until the next successor that
changes it, also past the end of the text that set it, as those of the Measures do (ours). What
runs already keeps the number it began with: whoever starts a clock asks by the day it counts from.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zezhou_portal.regulation import limits
from zezhou_portal.regulation.announced import Announced
from zezhou_portal.regulation.limits import EndOfDay, WorkingDays


@dataclass(frozen=True)
class Number:
    """One number of the text: what it limits, under which article, from what to what (ours)."""

    code: str
    article: str
    words: str
    unit: str
    in_text: int
    most: int
    least: int = 1

    @property
    def instrument(self) -> str:
        """The letter of the text it stands in."""
        return self.article.split(".", 1)[0]

    def says(self, value: int) -> str:
        """A value of it in words; no working day at all is the day itself."""
        return f"{value} {self.unit}" if value else "当天"


@dataclass(frozen=True)
class Change:
    """What a number is from a day on."""

    code: str
    since: date
    value: int


@dataclass(frozen=True)
class Limits:
    """The regulated numbers of one day, as whoever counts by them needs them."""

    generation_online: WorkingDays | EndOfDay
    generation_offline: WorkingDays
    recovery_after_disruption: WorkingDays
    objection_mark: WorkingDays
    objection_answer: WorkingDays
    trail_retention_years: int
    seal_renewal_window: timedelta


def _days(code: str, limit: WorkingDays, words: str) -> Number:
    return Number(code, limit.article, words, "个工作日", limit.days, most=250)


# Not among them: for how long the text itself is valid (M.32). A successor has its own last day.
NUMBERS: Mapping[str, Number] = {
    number.code: number
    for number in (
        Number(
            "generation_online", limits.GENERATION_ONLINE.article,
            "在线生成：办结后多久制发", "个工作日", 0, most=250, least=0,
        ),
        _days("generation_offline", limits.GENERATION_OFFLINE, "离线生成：办结后多久推送目录"),
        _days(
            "recovery_after_disruption", limits.RECOVERY_AFTER_DISRUPTION,
            "不可抗力：故障排除后多久补办",
        ),
        _days("objection_mark", limits.OBJECTION_MARK, "异议：收到后多久标注"),
        _days("objection_answer", limits.OBJECTION_ANSWER, "异议：收到后多久答复"),
        Number(
            "trail_retention_years", "M.25", "日志记录：至少保存多久", "年",
            limits.TRAIL_RETENTION_YEARS, most=100,
        ),
        Number(
            "seal_renewal_window", "S.8", "电子印章：到期前多久申请续期", "日",
            limits.SEAL_RENEWAL_WINDOW.days, most=365,
        ),
    )
}  # fmt: skip
CHANGES: Announced[Sequence[Change]] = Announced(())


def changes_until(day: date, changes: Iterable[Change]) -> dict[str, Change]:
    """The change by which each number stands on a day; the latest of each, none for the text's."""
    begun = sorted((one for one in changes if one.since <= day), key=lambda one: one.since)
    return {one.code: one for one in begun}


def numbers_on(day: date) -> dict[str, int]:
    """Every regulated number by its code, as it stands on a day."""
    changed = changes_until(day, CHANGES.now())
    return {
        code: changed[code].value if code in changed else number.in_text
        for code, number in NUMBERS.items()
    }


def limits_on(day: date) -> Limits:
    """The regulated limits that count for what begins on a day (M.9, M.11, M.23, M.25, S.8)."""
    numbers = numbers_on(day)

    def working_days(code: str) -> WorkingDays:
        return WorkingDays(numbers[code], NUMBERS[code].article)

    online = working_days("generation_online")
    return Limits(
        generation_online=online if online.days else EndOfDay(online.article),
        generation_offline=working_days("generation_offline"),
        recovery_after_disruption=working_days("recovery_after_disruption"),
        objection_mark=working_days("objection_mark"),
        objection_answer=working_days("objection_answer"),
        trail_retention_years=numbers["trail_retention_years"],
        seal_renewal_window=timedelta(days=numbers["seal_renewal_window"]),
    )

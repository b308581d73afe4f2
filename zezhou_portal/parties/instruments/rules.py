"""What the regulated numbers of a successor can be (M.32)."""

from collections.abc import Mapping

from zezhou_portal.regulation.articles import article
from zezhou_portal.regulation.instruments import INSTRUMENTS
from zezhou_portal.regulation.numbers import NUMBERS


def faults_of_numbers(
    replaces: str, present: Mapping[str, int], changed: Mapping[str, int]
) -> dict[str, str]:
    """What is wrong with the numbers that a successor changes: a sentence by code.

    `present` are all numbers as they are the day before its first day.
    """
    faults = {code: fault for code in changed if (fault := _fault(replaces, code, changed[code]))}
    after = {**present, **changed}
    if not faults and after["objection_mark"] > after["objection_answer"]:
        mark, answer = (NUMBERS[code] for code in ("objection_mark", "objection_answer"))
        code = next(one.code for one in (mark, answer) if one.code in changed)
        faults[code] = (
            f"标注（{mark.says(after[mark.code])}）不能晚于答复（{answer.says(after[answer.code])}）。"
        )
    return faults


def _fault(replaces: str, code: str, value: int) -> str:
    number = NUMBERS[code]
    if number.instrument != replaces:
        own, other = article(number.article).name, INSTRUMENTS[replaces].short
        return f"这是{own}规定的，接替{other}的文件改不了。不填。"
    if not number.least <= value <= number.most:
        return f"写 {number.least} 到 {number.most} 的整数。"
    return ""

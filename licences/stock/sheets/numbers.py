"""Licence numbers: how a kind's number is made, and whether a given number can be one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zezhou_portal.regulation.identifiers import mod11_10, mod37_36, normalise_code

_PLACE = re.compile(r"\{([a-z_]+)(?::([a-z0-9_]+))?\}")
_CHECKS: dict[str, Callable[[str], str]] = {"mod11_10": mod11_10, "mod37_36": mod37_36}
_BRACKETS = str.maketrans("〔〕[]", "()()")
_RESHAPE = "请对照纸质证照重新填写"


@dataclass(frozen=True)
class Number:
    """A sound number as the pattern prints it, and the 1-based choices its digits name."""

    text: str
    choices: Mapping[str, int]


class NumberPattern:
    """A generated number's shape, read from the catalogue.

    `JY{main_business:1}140525{sequence:06}{check:mod11_10}`: `year` is four digits, `sequence:0N`
    N digits, `check:RULE` the check character over the digits before it, any other name with a
    width is the ordinal of a choice item.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._literals: list[str] = []
        self._check: Callable[[str], str] | None = None
        self._choices: list[str] = []
        expression, end = "", 0
        for place in _PLACE.finditer(pattern):
            expression += self._literal(pattern[end : place.start()])
            expression += self._place(place[1], place[2] or "")
            end = place.end()
        self._expression = re.compile(expression + self._literal(pattern[end:]))

    def _literal(self, text: str) -> str:
        self._literals.append(text)
        return re.escape(plain_number(text))

    def _place(self, name: str, form: str) -> str:
        if name == "year":
            return "(?P<year>(?:19|20)[0-9]{2})"
        if name == "check":
            self._check = _CHECKS[form]
            return "(?P<check>[0-9A-Z])"
        if name != "sequence":
            self._choices.append(name)
        return f"(?P<{name}>[0-9]{{{int(form)}}})"

    def read(self, text: str) -> tuple[Number | None, str]:
        """The number in `text`, or None and the Chinese reason."""
        plain = plain_number(text)
        match = self._expression.fullmatch(plain)
        if match is None:
            return None, f"许可编号的写法不对，应像“{self.example}”。{_RESHAPE}"
        if self._check is not None:
            digits = re.sub(r"[^0-9]", "", plain[: match.start("check")])
            if self._check(digits) != match["check"]:
                return None, f"许可编号的校验码对不上。{_RESHAPE}"
        printed = self._literals[0]
        for part, literal in zip(match.groups(), self._literals[1:], strict=True):
            printed += part + literal
        return Number(printed, {name: int(match[name]) for name in self._choices}), ""

    @property
    def example(self) -> str:
        """The pattern with marks for the parts that vary, for a sentence."""

        def mark(place: re.Match[str]) -> str:
            form = place[2] or "4"
            return "×" * (int(form) if form.isdigit() else 1)

        return _PLACE.sub(mark, self.pattern)


def plain_number(text: str) -> str:
    """The number as it is compared: half-width, upper case, no white space, round brackets."""
    return normalise_code(text).translate(_BRACKETS)

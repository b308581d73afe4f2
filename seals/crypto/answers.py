"""How a question about a file or a certificate can be answered."""

from enum import StrEnum


class Answer(StrEnum):
    """Every question is worded so that yes is good; what cannot be checked is not known."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"
    NOT_ASKED = "not_asked"

    @property
    def word(self) -> str:
        """Give the word that people read."""
        return _WORDS[self]


_WORDS = {
    Answer.YES: "是",
    Answer.NO: "否",
    Answer.NOT_KNOWN: "无法确认",
    Answer.NOT_ASKED: "未检查",
}

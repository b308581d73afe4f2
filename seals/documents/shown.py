"""Strings of a stranger's file, cut and cleaned before anybody sees them."""

import unicodedata
from collections.abc import Iterable

LONGEST = 120
MOST_PATHS = 50
_IN_A_SENTENCE = 5
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def shown(text: str, most: int = LONGEST) -> str:
    """Give a text without what cannot be seen, its middle left out where it is too long."""
    # Twice as much is looked at, so that cleaning a long text costs no more than a short one.
    if len(text) > 2 * most:
        text = f"{text[:most]}…{text[-most:]}"
    clean = "".join("�" if unicodedata.category(sign) in _UNSEEN else sign for sign in text)
    if len(clean) <= most:
        return clean
    half = (most - 1) // 2
    return f"{clean[:half]}…{clean[-half:]}"


def shown_paths(paths: Iterable[str]) -> tuple[str, ...]:
    """Give the first paths of many, each as it is shown, none twice."""
    first: dict[str, None] = {}
    for path in paths:
        if len(first) == MOST_PATHS:
            break
        first.setdefault(shown(path))
    return tuple(first)


def listed(paths: Iterable[str], count: int) -> str:
    """Give paths for a sentence: the first few, and how many there are of them in all."""
    few = [shown(path) for path, _ in zip(paths, range(_IN_A_SENTENCE), strict=False)]
    text = "、".join(few)
    return text if count <= len(few) else f"{text}等{count}项"

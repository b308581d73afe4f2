"""What a kind of licence holds that is not for everybody, as its data items tell (M.22)."""

from collections.abc import Iterable

from licences.data_items import DataItem

TRADE_SECRET, PERSONAL_DATA = "trade_secret", "personal_data"
WORDS = {TRADE_SECRET: "商业秘密", PERSONAL_DATA: "个人信息"}


def sensitivities_of(items: Iterable[DataItem], holder_kind: str) -> tuple[str, ...]:
    """The classes of a kind, computed: nobody types them, so that none is forgotten.

    Trade secrets where an item is one. Personal data where an item is of a person (a number, a
    picture, or marked so), and where a person may hold the licence: then the holder's name is
    (ours).
    """
    found = set()
    for item in items:
        if item.sensitivity == TRADE_SECRET:
            found.add(TRADE_SECRET)
        elif item.is_personal:
            found.add(PERSONAL_DATA)
    if holder_kind in {"person", "any"}:
        found.add(PERSONAL_DATA)
    return tuple(code for code in WORDS if code in found)


def in_words(codes: Iterable[str]) -> str:
    """商业秘密、个人信息; empty where there is nothing."""
    return "、".join(WORDS[code] for code in codes)

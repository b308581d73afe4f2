"""Finding names by parts of two characters and more."""

import unicodedata


def normalise_name(text: str) -> str:
    """A name as it is compared: no white space, half-width letters, one kind of dot."""
    folded = unicodedata.normalize("NFKC", text)
    folded = folded.replace("•", "·").replace("．", "·").replace("・", "·")
    return "".join(folded.split()).upper()


def bigrams(text: str) -> list[str]:
    """The distinct pairs of neighbouring characters, sorted; one character stands alone."""
    name = normalise_name(text)
    if len(name) < 2:
        return [name] if name else []
    return sorted({name[place : place + 2] for place in range(len(name) - 1)})

"""The code on a screen as an SVG path: black squares on white, in any theme (P.2.3.3)."""

from dataclasses import dataclass

from licences.production.face.code import qr_rows

QUIET = 4  # squares of white around the symbol, as the standard asks


@dataclass(frozen=True)
class Drawn:
    """A symbol for a template: the path of its dark squares, and the box with the quiet zone."""

    path: str
    box: str
    side: int


def drawn(address: str) -> Drawn:
    """The symbol of an address (model 2, level M): one stretch of the path a dark run.

    Raises ValueError when the address is empty.
    """
    rows = qr_rows(address)
    path = "".join(
        f"M{start} {place}h{length}v1h-{length}z"
        for place, row in enumerate(rows)
        for start, length in row
    )
    side = len(rows) + 2 * QUIET
    return Drawn(path, f"-{QUIET} -{QUIET} {side} {side}", side)

"""State tables: every move of an aggregate, with the article that allows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zezhou_portal.regulation.errors import RuleBroken


@dataclass(frozen=True)
class Move:
    """One row of a state table."""

    verb: str
    sources: tuple[str, ...]
    target: str
    article: str
    words: str


class Machine:
    """The state table of one aggregate; a move that is not in it is refused."""

    def __init__(self, name: str, labels: dict[str, str], moves: Sequence[Move]) -> None:
        self.name = name
        self.labels = labels
        self.moves = {move.verb: move for move in moves}
        if len(self.moves) != len(moves):
            raise ValueError(f"{name}: a verb stands twice in the table")
        for move in moves:
            unknown = {*move.sources, move.target} - labels.keys()
            if unknown:
                raise ValueError(f"{name}: unknown states {sorted(unknown)}")

    @property
    def initial(self) -> str:
        """The state a new row starts in: the first one of the table."""
        return next(iter(self.labels))

    @property
    def terminal(self) -> frozenset[str]:
        """States that no move leaves."""
        leaving = {source for move in self.moves.values() for source in move.sources}
        return frozenset(self.labels) - leaving

    def may(self, state: str, verb: str) -> bool:
        """Whether the table allows `verb` in `state`."""
        return state in self.moves[verb].sources

    def move(self, state: str, verb: str) -> str:
        """The state that `verb` leads to.

        Raises RuleBroken with the move's article where the table does not allow it, KeyError
        for a verb the table does not have.
        """
        found = self.moves[verb]
        if state not in found.sources:
            raise RuleBroken(
                found.article,
                f"现在是“{self.labels[state]}”，不能{found.words}。",
            )
        return found.target

    def choices(self) -> list[tuple[str, str]]:
        """The states as Django choices."""
        return list(self.labels.items())

    def reachable(self, state: str) -> Iterable[str]:
        """The states one move away."""
        return {move.target for move in self.moves.values() if state in move.sources}

"""Finding the members of a package by the locations that its parts name."""

import posixpath
from collections.abc import Iterable, Iterator, Set
from functools import cached_property

from seals.documents.budget import Budget
from seals.documents.package import Package
from seals.documents.xml_reading import candidates
from seals.documents.zip_names import UnsafeName, loose, other_readings, safe_path


class Locator:
    """Finds members; where no name is the very one, the one that differs in spelling only."""

    def __init__(self, package: Package, budget: Budget) -> None:
        self._package = package
        self._budget = budget
        self._known: dict[tuple[str, str], str | None] = {}
        self._spellings: dict[str, str] = {}

    def find(self, location: str, base_file: str = "") -> str | None:
        """Give the member that a location in a file means; nothing when there is none.

        A relative one is looked for beside the file, in the document's folder, and from the root.
        Raises TooMuchWork when too many are looked for in other spellings.
        """
        key = (location, posixpath.dirname(base_file))
        if key not in self._known:
            self._known[key] = self._found(*key)
        return self._known[key]

    def _found(self, location: str, folder: str) -> str | None:
        document = folder.split("/", 1)[0]
        paths = candidates(location, folder, document)
        exact = next((path for path in paths if path in self._package), None)
        if exact is not None:
            return exact
        return next((path for path in map(self._spelled, paths) if path is not None), None)

    def _spelled(self, path: str) -> str | None:
        """Give the one member that the path is another spelling of."""
        key = self._loose(path)
        for index in (self._by_name, self._by_other_reading):
            if key in index:
                return index[key]
        return None

    @cached_property
    def _by_name(self) -> dict[str, str | None]:
        return self._indexed((path, loose(path)) for path in self._package)

    @cached_property
    def _by_other_reading(self) -> dict[str, str | None]:
        return self._indexed(
            (path, key)
            for path, raw in self._package.raw_names.items()
            for key in _other_spellings(raw, path)
            if path in self._package
        )

    def _indexed(self, pairs: Iterable[tuple[str, str]]) -> dict[str, str | None]:
        """Give path by spelling; nothing for a spelling that fits several with other content."""
        index: dict[str, str | None] = {}
        for path, key in pairs:
            known = index.setdefault(key, path)
            if known is not None and self._package[known] != self._package[path]:
                index[key] = None
        return index

    def _loose(self, path: str) -> str:
        """Give the form that all spellings share, worked out once a path."""
        if path not in self._spellings:
            self._budget.spend("spelled", len(path))
            self._spellings[path] = loose(path)
        return self._spellings[path]

    def unclear(self, locations: Iterable[str], found: Set[str] = frozenset()) -> list[str]:
        """Give those of locations not found that may be there under a name misread.

        So it is where several members differ from one in spelling only, or where it and a member
        that nothing else named both have characters beyond ASCII.
        Raises TooMuchWork.
        """
        is_foreign_left = not found >= self._foreign
        return [one for one in locations if self._is_unclear(one, is_foreign_left=is_foreign_left)]

    def _is_unclear(self, location: str, *, is_foreign_left: bool) -> bool:
        keys = [self._loose(path) for path in candidates(location, "")]
        if any(self._by_name.get(key, "") is None for key in keys):
            return True
        return is_foreign_left and not all(key.isascii() for key in keys)

    @cached_property
    def _foreign(self) -> frozenset[str]:
        return frozenset(path for path in self._package if not path.isascii())


def _other_spellings(raw: bytes, path: str) -> Iterator[str]:
    for name in other_readings(raw, path):
        try:
            yield loose(safe_path(name))
        except UnsafeName:
            continue

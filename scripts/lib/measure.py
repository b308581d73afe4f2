"""scripts/measure [--tree PATH]: the size of every room, and what a change or a reader meets.

Standard library only, so that any checkout can be measured: this one, or another that --tree
names. Lines are of four kinds: code, docstring, comment, blank; migrations are left out.
"""

import argparse
import ast
import io
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

from scripts.lib import places
from scripts.lib.measure_reach import Source
from scripts.lib.talk import heading, say

KINDS = ("code", "docstring", "comment", "blank")
# The two requests that are followed: names of routes, which renaming folders has left alone.
REQUESTS = {"One public check": "look", "One sign-off": "sign-off"}
# Below these apps lies what every room stands on.
_ROOMS = ("usage", "licences", "seals")


def lines_of(text: str) -> Counter[str]:
    """The lines of a source text by kind."""
    rows = text.splitlines()
    kinds = ["blank" if not row.strip() else "code" for row in rows]
    nodes = tuple(ast.walk(ast.parse(text)))
    for row in _comments(text, rows, nodes):
        kinds[row] = "comment"
    for node in nodes:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if ast.get_docstring(node, clean=False) is not None and first is not None:
                last = first.end_lineno or first.lineno
                kinds[first.lineno - 1 : last] = ["docstring"] * (last - first.lineno + 1)
    return Counter(kinds)


def _comments(text: str, rows: list[str], nodes: tuple[ast.AST, ...]) -> set[int]:
    """The rows that hold a comment alone."""
    found = {number for number, row in enumerate(rows) if row.lstrip().startswith("#")}
    texts = {
        number
        for node in nodes
        if isinstance(node, ast.Constant | ast.JoinedStr)
        for number in range(node.lineno - 1, node.end_lineno or 0)
    }
    if not found & texts:
        return found
    # Within a text or between its parts: only the tokens tell, and reading them takes longest.
    return found & {
        token.start[0] - 1
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    }


def apps(root: Path) -> list[str]:
    """The folders at the top that are packages of the portal."""
    return sorted(
        path.name
        for path in root.iterdir()
        if any(path.glob("*.py")) and path.name not in {"tests", "scripts"} and path.is_dir()
    )


def sources(root: Path, folder: str) -> Iterator[Path]:
    """The Python files below a folder, migrations left out."""
    for path in sorted((root / folder).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def room_of(root: Path, path: Path) -> str:
    """The folder a file is counted in: two levels deep, as capabilities are."""
    return "/".join(path.relative_to(root).parent.parts[:2])


def python(root: Path, folders: list[str]) -> dict[str, Counter[str]]:
    """Lines and files by room."""
    found: dict[str, Counter[str]] = {}
    for folder in folders:
        for path in sources(root, folder):
            room = found.setdefault(room_of(root, path), Counter())
            room += lines_of(path.read_text(encoding="utf-8"))
            room["files"] += 1
    return found


def templates(root: Path) -> dict[str, Counter[str]]:
    """Lines and files of templates by folder."""
    found: dict[str, Counter[str]] = {}
    for path in sorted((root / "templates").rglob("*")):
        if path.is_file():
            folder = found.setdefault(room_of(root, path), Counter())
            folder["code"] += len(path.read_text(encoding="utf-8").splitlines())
            folder["files"] += 1
    return found


@cache
def source(root: Path) -> Source:
    """The apps' modules by their dotted names."""
    files = {}
    for app in apps(root):
        for path in sources(root, app):
            parts = path.relative_to(root).with_suffix("").parts
            files[".".join(parts).removesuffix(".__init__")] = path
    return Source(root, files)


def reach(root: Path, route: str) -> Counter[str]:
    """The modules of the rooms that a reader of one request opens, by folder."""
    known = source(root)
    found: Counter[str] = Counter()
    for module in known.reached(list(known.route(route))):
        if module.split(".", 1)[0] in _ROOMS:
            found[room_of(root, known.files[module])] += 1
    return found


def acts(root: Path) -> dict[str, int]:
    """How many files outside the tests name each act, by its member or by its code."""
    actions = root / "zezhou_portal" / "regulation" / "actions.py"
    members = {
        node.targets[0].id: str(node.value.elts[0].value)
        for node in ast.walk(ast.parse(actions.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Tuple)
        and isinstance(node.value.elts[0], ast.Constant)
    }
    known = source(root)
    names: Counter[str] = Counter()
    for module in known.files:
        here = _mentions(known.module(module).tree)
        names.update(member for member, code in members.items() if {member, code} & here)
    return {member: names[member] for member in members}


def _mentions(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def _table(title: str, rows: dict[str, Counter[str]], kinds: tuple[str, ...]) -> None:
    heading(title)
    say(f"  {'':34}{''.join(f'{kind:>11}' for kind in (*kinds, 'files'))}")
    total = sum(rows.values(), Counter())
    for name, row in [*sorted(rows.items()), ("together", total)]:
        say(f"  {name:34}{''.join(f'{row[kind]:>11}' for kind in (*kinds, 'files'))}")


def main(arguments: list[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="scripts/measure", description=__doc__)
    parser.add_argument("--tree", type=Path, default=places.ROOT, help="another checkout")
    root = parser.parse_args(arguments).tree.resolve()
    _table("Python by room", python(root, apps(root)), KINDS)
    _table("Scripts and tests", python(root, ["scripts", "tests"]), KINDS)
    _table("Templates", templates(root), ("code",))
    for what, route in REQUESTS.items():
        found = reach(root, route)
        heading(f"{what} reaches {found.total()} modules of the rooms, in {len(found)} folders")
        for folder, modules in sorted(found.items()):
            say(f"  {folder:34}{modules:>11}")
    counts = acts(root)
    heading(f"Files that name an act ({len(counts)} acts)")
    say(f"  half of them at most {median(counts.values()):.0f}, any at most {max(counts.values())}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

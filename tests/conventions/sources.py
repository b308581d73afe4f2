"""The source of the portal as the conventions read it: files, trees, templates, styles."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("zezhou_portal", "audit", "seals", "licences", "usage", "sample_county")
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"


@dataclass(frozen=True)
class Module:
    """One Python file: its dotted name, its lines, its tree."""

    path: Path
    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file's syntax, read where somebody asks for it."""
        return ast.parse(self.text)

    @property
    def where(self) -> str:
        """The path from the root, as a failing test names it."""
        return self.path.relative_to(ROOT).as_posix()

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method, at any depth."""
        for node in nodes(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def _python(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or "migrations" in path.parts or "__pycache__" in path.parts:
            continue
        if path.suffix == ".py" or _is_script(path):
            yield path


def _is_script(path: Path) -> bool:
    if path.suffix or path.parent.name != "scripts":
        return False
    return "python" in path.read_text(encoding="utf-8").split("\n", 1)[0]


@lru_cache(maxsize=8)
def modules(*folders: str) -> tuple[Module, ...]:
    """Every module of the folders, migrations left out; of the product where none is named."""
    found = []
    for folder in folders or PACKAGES:
        found += [_module(path) for path in _python(ROOT / folder)]
    return tuple(found)


@cache
def _module(path: Path) -> Module:
    """One file, read once a process whoever asks for it."""
    text = path.read_text(encoding="utf-8")
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return Module(path, name.removesuffix(".__init__"), text)


@lru_cache(maxsize=1)
def templates() -> dict[str, str]:
    """Text of each template by its name."""
    return {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(TEMPLATES.rglob("*.html"))
    }


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """All of a tree, walked once a process however many conventions look at it."""
    return tuple(ast.walk(tree))


@cache
def _calls(tree: ast.AST) -> dict[str, list[ast.Call]]:
    found: dict[str, list[ast.Call]] = {}
    for node in nodes(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name):
                found.setdefault(called.id, []).append(node)
            elif isinstance(called, ast.Attribute):
                found.setdefault(called.attr, []).append(node)
    return found


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    """Calls of a function by its bare name, also as an attribute."""
    return _calls(tree).get(name, [])

"""report_articles --output FILE: which acts, limits, modules and tests answer for each article.

Everything is read from the code as it stands, in a fixed order, so that the gate can compare
the file that is kept with a fresh one.
"""

import ast
import re
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zezhou_portal.regulation import limits
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.articles import ARTICLES, Article
from zezhou_portal.regulation.instruments import INSTRUMENTS

PACKAGES = ("zezhou_portal", "audit", "seals", "licences", "usage")
# They hold every article there is; to be named there says nothing about who answers for it.
_LISTS = frozenset({"zezhou_portal.regulation.articles", "zezhou_portal.regulation.actions"})
_REFERENCE = r"(?<![\w.])([MSP])\.(\d+(?:\.\d+)*)"
_SPAN = re.compile(rf"{_REFERENCE}(?:\s?[-–]\s?\1\.(\d+)(?![\d.]))?")
_HEAD = """# Articles

Written by `scripts/manage report_articles --output docs/articles.md`; the gate compares it with
a fresh one. For each article: the acts recorded under it, the limits that come from it, the
modules that cite it and the test modules that prove it (`@pytest.mark.article`).
"""


@dataclass
class Answers:
    """What answers for one article."""

    acts: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    modules: set[str] = field(default_factory=set)
    tests: set[str] = field(default_factory=set)

    def lines(self) -> Iterator[str]:
        """One line for each kind of answer that there is."""
        for words, found in (
            ("acts", self.acts),
            ("limits", self.limits),
            ("modules", sorted(self.modules)),
            ("tests", sorted(self.tests)),
        ):
            if found:
                yield f"- {words}: {'; '.join(found)}"


def cited_in(text: str) -> set[str]:
    """The articles that a text cites; `M.24-M.26` cites the one between too."""
    found = set()
    for letter, first, last in _SPAN.findall(text):
        if last and "." not in first:
            found |= {f"{letter}.{number}" for number in range(int(first), int(last) + 1)}
        else:
            found.add(f"{letter}.{first}")
    return found & ARTICLES.keys()


def marked_in(source: str) -> set[str]:
    """The articles that a test module's marks name."""
    if ".article" not in source:  # most name none, and their trees are long
        return set()
    return {
        str(node.args[0].value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "article"
        and ast.unparse(node.func) == "pytest.mark.article"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def limits_in(source: str) -> Iterator[tuple[str, str]]:
    """Article and `NAME = value` of each limit, by its value or the remark beside it."""
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            words = f"`{node.targets[0].id} = {ast.unparse(node.value)}`"
            for reference in sorted(cited_in(lines[node.lineno - 1])):
                yield reference, words


def _modules(root: Path, folders: Iterable[str]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                name = ".".join(path.relative_to(root).with_suffix("").parts)
                yield name.removesuffix(".__init__"), path.read_text(encoding="utf-8")


def gather(root: Path) -> dict[str, Answers]:
    """What answers for each article, read from the checkout at `root`."""
    answers: dict[str, Answers] = defaultdict(Answers)
    for action in Action:
        answers[action.article].acts.append(f"{action.words} `{action.code}`")
    for reference, words in limits_in(Path(limits.__file__).read_text(encoding="utf-8")):
        answers[reference].limits.append(words)
    for name, source in _modules(root, PACKAGES):
        if name not in _LISTS:
            for reference in cited_in(source):
                answers[reference].modules.add(f"`{name}`")
    for name, source in _modules(root, ["tests"]):
        for reference in marked_in(source):
            answers[reference].tests.add(f"`{name}`")
    return answers


def report(root: Path) -> str:
    """The whole document."""
    answers = gather(root)
    parts = [_HEAD]
    for code, instrument in INSTRUMENTS.items():
        parts.append(f"## {code}: {instrument.title}（{instrument.number}）\n")
        own = [one for one in ARTICLES.values() if one.instrument is instrument]
        parts += [_section(one, answers[one.reference]) for one in own if _answered(answers, one)]
        silent = [one.reference for one in own if not _answered(answers, one)]
        if silent:
            parts.append(f"Nothing answers for {', '.join(silent)} yet.\n")
    return "\n".join(parts)


def _answered(answers: dict[str, Answers], article: Article) -> bool:
    return any(answers[article.reference].lines())


def _section(article: Article, found: Answers) -> str:
    return "\n".join([f"### {article.reference} {article.gist}\n", *found.lines(), ""])


class Command(BaseCommand):
    """Writes the map from articles to code."""

    help = "Writes which acts, limits, modules and tests answer for each article."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--output`: where the document goes."""
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Writes the document. Raises CommandError outside a checkout."""
        root = Path(settings.BASE_DIR)
        if not (root / "tests").is_dir():
            raise CommandError("There are no tests here: run this from a checkout.")
        output: Path = options["output"]
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(report(root), encoding="utf-8")
        self.stdout.write(f"{output}: {len(ARTICLES)} articles")

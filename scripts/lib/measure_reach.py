"""What a request reaches in the code, read from the source without running it.

The walk goes from definition to definition: from the view that a route names to the functions,
classes and constants that its body names, and on from those. So it counts what a reader of that
request opens, not what a module happens to import. Calls on values (`row.method()`) are not
followed beyond the class that the value was named by; what only a type says is not followed.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Place = tuple[str, str]  # module and name; an empty name is the module itself
_ANNOTATIONS = frozenset({"annotation", "returns"})


@dataclass
class Module:
    """What a source file defines at its top, and what its names stand for."""

    tree: ast.Module
    defined: dict[str, list[ast.AST]] = field(default_factory=dict)
    imported: dict[str, Place] = field(default_factory=dict)


@dataclass
class Source:
    """All modules of a checkout's apps, parsed when they are asked for."""

    root: Path
    files: dict[str, Path]
    _known: dict[str, Module] = field(default_factory=dict)

    def module(self, name: str) -> Module:
        """The module of that dotted name."""
        if name not in self._known:
            self._known[name] = _parsed(self.files[name])
        return self._known[name]

    def route(self, name: str) -> Iterator[Place]:
        """Where the view of a route is named: a module of addresses and the name in it."""
        for module in self.files:
            if "urls" not in module.rpartition(".")[2]:
                continue
            for call in ast.walk(self.module(module).tree):
                if isinstance(call, ast.Call) and _named(call) == name:
                    yield from self._mentioned(module, call.args[1])

    def reached(self, start: list[Place]) -> set[str]:
        """The modules whose definitions are named on the way from `start`."""
        seen, waiting = set(start), list(start)
        while waiting:
            module, name = waiting.pop()
            for body in self.module(module).defined.get(name, []):
                for place in self._mentioned(module, body):
                    if place not in seen:
                        seen.add(place)
                        waiting.append(place)
        return {module for module, _ in seen}

    def _mentioned(self, module: str, body: ast.AST) -> Iterator[Place]:
        known = self.module(module)
        for node in _values(body):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                target = self._resolved(*known.imported.get(node.value.id, ("", "")))
                if target and not target[1]:
                    found = self._resolved(target[0], node.attr)
                    if found:
                        yield found
            elif isinstance(node, ast.Name):
                if node.id in known.defined:
                    yield module, node.id
                else:
                    found = self._resolved(*known.imported.get(node.id, ("", "")))
                    if found and found[1]:
                        yield found

    def _resolved(self, module: str, name: str, depth: int = 0) -> Place | None:
        """Where a name that was imported is defined; None outside the apps."""
        if name and f"{module}.{name}" in self.files:
            return f"{module}.{name}", ""
        if module not in self.files or depth > 5:
            return None
        known = self.module(module)
        if name in known.imported and name not in known.defined:
            return self._resolved(*known.imported[name], depth + 1)
        return module, name


def _parsed(path: Path) -> Module:
    found = Module(ast.parse(path.read_text(encoding="utf-8")))
    for node in ast.walk(found.tree):  # imports inside functions too
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found.imported[alias.asname or alias.name] = (node.module, alias.name)
    for node in found.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.defined.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and node.value is not None:
                    found.defined.setdefault(target.id, []).append(node.value)
    return found


def _named(call: ast.Call) -> str:
    """The name that a route of Django is given."""
    for word in call.keywords:
        if word.arg == "name" and isinstance(word.value, ast.Constant):
            return str(word.value.value)
    return ""


def _values(body: ast.AST) -> Iterator[ast.AST]:
    """Every node below a definition but those that only say a type."""
    waiting = [body]
    while waiting:
        node = waiting.pop()
        yield node
        for key, value in ast.iter_fields(node):
            if key not in _ANNOTATIONS:
                children = value if isinstance(value, list) else [value]
                waiting += [child for child in children if isinstance(child, ast.AST)]

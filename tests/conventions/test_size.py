"""A module is read in one sitting, a function on one screen."""

from tests.conventions.sources import PACKAGES, Module, modules

MODULE_LINES = 400
FUNCTION_LINES = 50
# A walk through the browser is one story from its first click to its last.
WALK_LINES = 80


def too_long(module: Module) -> list[str]:
    """What of a module is longer than it may be."""
    found = []
    lines = module.text.count("\n")
    if lines > MODULE_LINES:
        found.append(f"{module.where} has {lines} lines")
    for node in module.functions():
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        length = (node.end_lineno or first) - first + 1
        most = WALK_LINES if module.where.startswith("tests/browser/") else FUNCTION_LINES
        if length > most:
            found.append(f"{module.where}:{first} {node.name} has {length} lines")
    return found


def test_module_when_measured_then_short_enough() -> None:
    everything = modules(*PACKAGES, "scripts", "tests")
    assert [line for module in everything for line in too_long(module)] == []


def test_measure_when_too_long_then_said() -> None:
    body = "\n".join("    pass" for _ in range(FUNCTION_LINES))
    text = f"def long():\n{body}\n" + "\n" * MODULE_LINES
    here = modules()[0]
    found = too_long(Module(here.path, "x", text))
    assert found == [
        f"{here.where} has {FUNCTION_LINES + 1 + MODULE_LINES} lines",
        f"{here.where}:1 long has {FUNCTION_LINES + 1} lines",
    ]

"""Transactions are opened by the trail and the kernel alone; so is every row lock."""

import ast

from tests.conventions.sources import Module, modules, nodes

# acting() opens a verb's transaction; locks and waking need one by their nature; posting sets a
# savepoint inside the caller's; backup and restore work on the whole database, beside every verb.
ALLOWED = {
    "audit.trail.recording",
    "zezhou_portal.exchange.services.posting",
    "zezhou_portal.kernel.locks",
    "zezhou_portal.kernel.wake",
    "zezhou_portal.management.commands.backup",
    "zezhou_portal.management.commands.restore",
}


def imports(module: Module) -> set[str]:
    """Dotted names that a module imports, anywhere in it."""
    found = set()
    for node in nodes(module.tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{one.name}" for one in node.names} | {node.module}
    return found


def test_module_when_read_then_opens_no_transaction() -> None:
    opening = {one.name for one in modules() if "django.db.transaction" in imports(one)}
    assert opening - ALLOWED == set()
    assert ALLOWED - opening == set()


def test_module_when_read_then_locks_no_row() -> None:
    locking = {
        module.name
        for module in modules()
        for node in nodes(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "select_for_update"
    }
    assert locking == {"zezhou_portal.kernel.locks"}


def test_module_when_optimised_then_no_rule_is_lost() -> None:
    """PYTHONOPTIMIZE drops every assert: none may carry a rule."""
    asserting = [
        f"{module.where}:{node.lineno}"
        for module in modules()
        for node in nodes(module.tree)
        if isinstance(node, ast.Assert)
    ]
    assert asserting == []

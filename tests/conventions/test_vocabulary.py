"""Every act has an icon and a verb of its own; every fact that is written has words (M.25)."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

from audit.trail.vocabulary import acts
from audit.trail.vocabulary.facts import FACTS, Reading, codes_of
from tests.conventions.sources import STATIC, Module, calls, modules, nodes, templates
from zezhou_portal.regulation.actions import BY_CODE, Action

WRITERS = ("note", "fact", "secret")
MANY = ("note_all", "add_record", "record")
WORDS = ("audit.trail.vocabulary", "trail_words")
# The words of a service are known where one is set up.
SET_UP = frozenset({"provider"})
Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_act_when_listed_then_with_an_icon_of_the_set() -> None:
    drawn = set(re.findall(r'id="([^"]+)"', (STATIC / "img" / "icons.svg").read_text("utf-8")))
    assert set(acts.ICONS) == set(Action)
    assert set(acts.ICONS.values()) - drawn == set()
    assert not acts.READINGS & acts.TROUBLE


def test_act_when_renamed_or_given_up_then_its_code_is_nobody_elses() -> None:
    former = acts.FORMER.keys() | acts.RETIRED.keys()
    assert former & BY_CODE.keys() == set()
    assert acts.FORMER.keys() & acts.RETIRED.keys() == set()


def product() -> Iterator[Module]:
    """The modules that write to the trail."""
    for module in modules():
        if not module.name.startswith("audit.trail"):
            yield module


def literal_facts(module: Module) -> Iterator[tuple[str, int]]:
    """The fact names that a module writes in so many words, with their lines."""
    for scope in [module.tree, *module.functions()]:
        tables = dict(_tables(scope))
        for name in (*WRITERS, *MANY):
            for call in calls(scope, name):
                if name in WRITERS:
                    yield from _strings(call.args[0]) if _is_on_act(call) else ()
                else:
                    for argument in call.args:
                        yield from _keys(argument, tables)


def _is_on_act(call: ast.Call) -> bool:
    """Every act under way is called `act`."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id == "act"


def _tables(scope: ast.AST) -> Iterator[tuple[str, ast.Dict]]:
    for node in nodes(scope):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value


def _strings(node: ast.expr) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, node.lineno


def _keys(node: ast.expr, tables: dict[str, ast.Dict]) -> Iterator[tuple[str, int]]:
    table = tables.get(node.id) if isinstance(node, ast.Name) else node
    if isinstance(table, ast.Dict):
        for key, value in zip(table.keys, table.values, strict=True):
            yield from _strings(key) if key is not None else _keys(value, tables)


def test_fact_when_written_then_it_has_words() -> None:
    unknown = {
        f"{module.where}:{line} {name}"
        for module in product()
        for name, line in literal_facts(module)
        if name not in FACTS
    }
    assert unknown == set()


def test_fact_when_it_has_words_then_somebody_writes_it() -> None:
    """Names that are put together at run time count where they stand as a string."""
    said = {
        node.value
        for module in product()
        if not module.name.endswith(WORDS)
        for node in nodes(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    said |= {
        keyword.arg or ""
        for module in product()
        for call in calls(module.tree, "_told")
        for keyword in call.keywords
    }
    assert FACTS.keys() - said == set()


def test_fact_when_sought_then_found_where_it_is_written() -> None:
    found = {name for module in product() for name, _ in literal_facts(module)}
    assert len(found) > 80
    assert {"state", "mandate", "rows", "what", "last_day", "phone_after"} <= found


def test_fact_when_written_then_by_a_method_of_the_act() -> None:
    """Nobody reaches past the check: facts are set by the methods alone."""
    past = [
        f"{module.where}:{node.lineno}"
        for module in product()
        for node in nodes(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "facts"
        and isinstance(node.value, ast.Name)
        and node.value.id == "act"
    ]
    assert past == []


def test_fact_when_it_is_a_code_then_its_codes_have_words() -> None:
    codes = {name for name, fact in FACTS.items() if fact.reading is Reading.CODE}
    assert {name for name in codes - SET_UP if not codes_of(name)} == set()


def verbs_by_act() -> dict[str, set[str]]:
    """The functions that do each act; a helper that is handed its act counts as its callers."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in product():
        if module.name.startswith("sample_county"):
            continue
        helpers = {
            function.name
            for function in module.functions()
            for call in (*calls(function, "acting"), *calls(function, "record"))
            if _is_handed(function, call)
        }
        for function in module.functions():
            for name in ("acting", "record", *helpers):
                for call in calls(function, name):
                    for act in _acts(call) | _chosen(function, call):
                        found[act].add(f"{module.where} {function.name}")
    return found


def _is_handed(function: Function, call: ast.Call) -> bool:
    """Whether a function is given the act that it records."""
    given = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
    return len(call.args) > 1 and isinstance(call.args[1], ast.Name) and call.args[1].id in given


def _acts(call: ast.Call) -> set[str]:
    """The acts that a call names, the name of its refusal left out."""
    named = [*call.args, *(one.value for one in call.keywords if one.arg != "refused")]
    return {act for node in named if isinstance(node, ast.Attribute) for act in _named_in(node)}


def _named_in(tree: ast.AST) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Action"
    }


def _chosen(function: Function, call: ast.Call) -> set[str]:
    """The acts among which a function chooses by a variable of its own."""
    if len(call.args) < 2 or not isinstance(call.args[1], ast.Name):
        return set()
    name = call.args[1].id
    return {
        act
        for node in nodes(function)
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        for act in _named_in(node.value)
    }


def test_verbs_when_they_share_an_act_then_the_vocabulary_says_why() -> None:
    shared = {act: sorted(verbs) for act, verbs in verbs_by_act().items() if len(verbs) > 1}
    reasons = {action.name for action in acts.SHARED}
    assert {act: verbs for act, verbs in shared.items() if act not in reasons} == {}
    assert reasons - shared.keys() == set(), "a reason for what nobody shares"


def test_verbs_when_sought_then_found_under_their_acts() -> None:
    found = verbs_by_act()
    assert found["LICENCE_REVOKED"] == {"licences/register/changes.py revoke"}
    assert found["SHEET_RETURNED"] == {"licences/stock/checking.py send_back"}
    assert len(found) > 70


# Lists that look alike and tell of rows of their own, not of acts: sealings, editions.
ROWS = {"seals/seals.html", "licences/kind.html"}


def test_template_when_it_shows_what_happened_then_by_the_one_timeline() -> None:
    lists = {name for name, text in templates().items() if 'class="zz-line"' in text}
    assert lists - ROWS == {"components/_timeline.html"}

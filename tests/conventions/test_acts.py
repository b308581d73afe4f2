"""Every act is done somewhere, every verb names its article, every capability is declared."""

import ast
import re
from functools import cache

from tests.conventions.sources import Module, calls, modules, nodes
from zezhou_portal.parties.capabilities import OWN, ROLE_CAPABILITIES, Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.articles import ARTICLES

# Acts that are in the list already and whose desk comes with a later issue. One that is done
# somewhere has to leave this table: the test below sees to it.
LATER = {
    "LICENCE_ALTERED": 4,
}
# Capabilities whose verbs come with a later issue.
LATER_CAPABILITIES: dict[str, int] = {}
# Acts that leave no record of their own: the record of the act that does them says so.
CARRIED = {
    "SEAL_USE_APPROVED": "LICENCE_ISSUED",
    "SEAL_USED": "LICENCE_IN_FORCE",
    "MESSAGE_POSTED": "LICENCE_IN_FORCE",
}
LISTS = {
    "zezhou_portal.regulation.actions",
    "audit.trail.vocabulary.acts",
    "zezhou_portal.parties.capabilities",
    "zezhou_portal.parties.access",
}
ENDING = re.compile(r"Article: ([MSP]\.[\d.]*\d(?:, [MSP]\.[\d.]*\d)*)\.$")


def named(kind: str) -> set[str]:
    """The members of an enumeration that some code path names."""
    return {
        node.attr
        for module in modules()
        if module.name not in LISTS
        for node in nodes(module.tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == kind
    }


def test_action_when_listed_then_done_somewhere() -> None:
    done = named("Action")
    assert {one.name for one in Action} - done - LATER.keys() - CARRIED.keys() == set()
    assert set(CARRIED.values()) <= done


def test_action_when_done_somewhere_then_not_put_off() -> None:
    assert (LATER.keys() | CARRIED.keys()) & named("Action") == set()
    assert LATER.keys() | CARRIED.keys() <= Action.__members__.keys()


def test_action_when_read_then_its_article_exists() -> None:
    assert [one.code for one in Action if one.article not in ARTICLES] == []
    assert [one.code for one in Action if one.code != one.name.lower()] == []


def test_capability_when_listed_then_asked_for_somewhere() -> None:
    asked = named("Capability")
    assert {one.name for one in Capability} - asked - LATER_CAPABILITIES.keys() == set()
    assert LATER_CAPABILITIES.keys() & asked == set()


def test_capability_when_named_then_declared() -> None:
    assert named("Capability") - set(Capability.__members__) - {"__members__"} == set()
    given = {one for some in ROLE_CAPABILITIES.values() for one in some}
    assert given | OWN == set(Capability)
    assert given & OWN == set(), "what is a holder's own is no role's"


@cache
def verbs() -> list[tuple[Module, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every service that does an act."""
    return [
        (module, node)
        for module in modules()
        if module.name != "audit.trail.recording"
        for node in module.functions()
        if not node.name.startswith("_") and any(calls(node, "acting"))
    ]


def test_verb_when_read_then_its_last_line_is_an_article() -> None:
    silent = []
    for module, verb in verbs():
        found = ENDING.search(" ".join((ast.get_docstring(verb) or "").split()))
        if not found or not set(found.group(1).split(", ")) <= ARTICLES.keys():
            silent.append(f"{module.where}:{verb.lineno} {verb.name}")
    assert silent == []


def test_verbs_when_counted_then_there_are_some() -> None:
    assert len(verbs()) > 40


def test_verb_when_it_takes_an_actor_then_by_name() -> None:
    """An actor or a row cannot be mistaken for another (a verb is keyword-only)."""
    by_place = [
        f"{module.where}:{verb.lineno} {verb.name}"
        for module, verb in verbs()
        if ".pages." not in module.name
        and any(one.arg == "actor" for one in [*verb.args.args, *verb.args.kwonlyargs])
        and [one.arg for one in verb.args.args if one.arg != "self"]
    ]
    assert by_place == []

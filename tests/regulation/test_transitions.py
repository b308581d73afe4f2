"""State tables: no path leaves the listed states, every move cites an article that exists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.deadlines.lifecycle import DEADLINE
from licences.lifecycle import APPLICATION, BATCH, ENTRY, LICENCE
from seals.lifecycle import SEAL
from zezhou_portal.exchange.lifecycle import OUTBOUND
from zezhou_portal.regulation.articles import ARTICLES
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.transitions import Machine, Move

MACHINES = {
    machine.name: machine
    for machine in (APPLICATION, BATCH, DEADLINE, ENTRY, LICENCE, OUTBOUND, SEAL)
}
every_machine = pytest.mark.parametrize("name", sorted(MACHINES))
WALK = st.lists(st.integers(0, 50), max_size=30)


@every_machine
def test_every_move_cites_an_article_and_says_what_it_is(name):
    for verb, move in MACHINES[name].moves.items():
        assert move.verb == verb
        assert move.article in ARTICLES
        assert move.words


@every_machine
def test_every_state_is_reached_from_the_first(name):
    machine = MACHINES[name]
    reached, waiting = {machine.initial}, [machine.initial]
    while waiting:
        for target in machine.reachable(waiting.pop()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    assert reached == set(machine.labels)


@every_machine
@given(WALK)
def test_no_walk_leaves_the_listed_states(name, steps):
    machine = MACHINES[name]
    state, verbs = machine.initial, sorted(machine.moves)
    for step in steps:
        verb = verbs[step % len(verbs)]
        if machine.may(state, verb):
            assert state not in machine.terminal
            state = machine.move(state, verb)
            assert state in machine.labels
        else:
            with pytest.raises(RuleBroken) as refusal:
                machine.move(state, verb)
            assert refusal.value.article == machine.moves[verb].article
            assert machine.labels[state] in refusal.value.reason


@every_machine
def test_choices_are_the_states_in_order(name):
    machine = MACHINES[name]
    assert machine.choices()[0] == (machine.initial, machine.labels[machine.initial])
    assert [code for code, _ in machine.choices()] == list(machine.labels)


@pytest.mark.article("M.8")
def test_endings_of_a_licence_are_final():
    assert LICENCE.terminal == {"CANCELLED", "REVOKED", "ANNULLED"}


@pytest.mark.article("M.8")
def test_an_expired_licence_can_be_extended_and_a_revoked_one_cannot():
    assert LICENCE.move("EXPIRED", "extend") == "IN_FORCE"
    with pytest.raises(RuleBroken) as refusal:
        LICENCE.move("REVOKED", "extend")
    assert refusal.value.reason == "现在是“已吊销”，不能延期。"


def test_a_verb_that_is_not_in_the_table_is_a_programming_error():
    with pytest.raises(KeyError):
        LICENCE.move("IN_FORCE", "pause")


@pytest.mark.parametrize(
    ("moves", "sentence"),
    [
        ([Move("a", ("X",), "Y", "M.8", "a"), Move("a", ("Y",), "X", "M.8", "a")], "twice"),
        ([Move("a", ("X",), "Z", "M.8", "a")], "unknown states"),
    ],
)
def test_a_table_that_contradicts_itself_does_not_load(moves, sentence):
    with pytest.raises(ValueError, match=sentence):
        Machine("表", {"X": "x", "Y": "y"}, moves)

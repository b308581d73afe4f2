"""The only writer of records: one act, one record, in the act's own transaction (M.25).

A refused act is recorded on its own connection, because the transaction it belonged to is
rolled back with everything it wrote.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connections, transaction

from audit.trail import origins
from audit.trail.digest import leaf
from audit.trail.models import Outcome, Record
from audit.trail.strangers import is_only_counted, take_sums
from audit.trail.vocabulary.facts import demand_known
from zezhou_portal.kernel import clock, vault
from zezhou_portal.kernel.actors import Actor, public
from zezhou_portal.kernel.redaction import without_people
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, NotPermitted, RuleBroken

REFUSALS = "refusals"


@dataclass
class Act:
    """An act under way: gathers what its record will say.

    A fact is written by one of the methods: each raises UnknownFact for one without words.
    """

    actor: Actor
    action: Action
    subject: Subject | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    others: list[tuple[Action, Subject, Mapping[str, Any]]] = field(default_factory=list)
    refused: Action | None = None

    def set_subject(self, subject: Subject) -> None:
        """Names the subject once it is known."""
        self.subject = subject

    def fact(self, name: str, before: Any, after: Any) -> None:
        """A named value before and after; never personal data, never a whole row."""
        self.note_all({name: [before, after]})

    def note(self, name: str, value: Any) -> None:
        """A named value of the act that has no before."""
        self.note_all({name: value})

    def note_all(self, facts: Mapping[str, Any]) -> None:
        """Several named values at once."""
        demand_known(facts)
        self.facts.update(facts)

    def secret(self, name: str, value: str) -> None:
        """A personal value, as a keyed digest: a lawful erasure never breaks the proof.

        So are words that people type: they may name somebody. Nothing stays nothing.
        """
        self.note_all({name: concealed(value)})

    def add_record(
        self, subject: Subject, facts: Mapping[str, Any], action: Action | None = None
    ) -> None:
        """A further record of the same act: each licence of a batch has one of its own."""
        demand_known(facts)
        self.others.append((action or self.action, subject, facts))


def concealed(value: str) -> str:
    """What the trail keeps of words that may name somebody: their keyed digest."""
    return f"hmac:{vault.blind(value)}" if value else ""


@contextmanager
def acting(
    actor: Actor,
    action: Action,
    subject: Subject | None = None,
    *,
    refused: Action | None = None,
) -> Iterator[Act]:
    """Opens the transaction of a verb and leaves exactly one record of what came of it.

    Done: the record is the last statement of the transaction. RuleBroken and NotPermitted:
    everything is rolled back and the refusal is recorded on its own connection; but a FormFault
    is no act and leaves none. Any other
    exception is recorded as failed. All exceptions go on to the caller. `refused` is what a
    refusal is recorded as where the list of acts has a name of its own for it.
    """
    act = Act(actor, action, subject, refused=refused)
    try:
        with transaction.atomic():
            yield act
            _write([_record(act, Outcome.DONE), *_further(act)])
    except FormFault:
        raise  # rolled back; a form that is not right yet is no act
    except (RuleBroken, NotPermitted) as refusal:
        _refuse(act, Outcome.REFUSED, refusal.reason)
        raise
    except Exception as error:
        _refuse(act, Outcome.FAILED, type(error).__name__)
        raise


def record(actor: Actor, action: Action, subject: Subject, facts: Mapping[str, Any]) -> None:
    """Records an act that changes nothing else: a reading, a log-in."""
    act = Act(actor, action, subject)
    act.note_all(facts)
    with transaction.atomic():
        _write([_record(act, Outcome.DONE)])


def record_refusal(actor: Actor, action: Action, subject: Subject | None, reason: str) -> None:
    """Records a refusal that no verb raised, such as a failed log-in."""
    _refuse(Act(actor, action, subject), Outcome.REFUSED, reason)


def record_sums() -> int:
    """Records how often strangers were refused in the minutes that are over. Article: M.25."""
    rows = []
    for action, subject, count in take_sums():
        row = _record(Act(public(), action, subject, {"count": count}), Outcome.REFUSED)
        row.reason = f"同一来源一分钟里另有 {count} 次，不逐次记。"
        row.leaf = leaf(row.content())
        rows.append(row)
    with transaction.atomic():
        _write(rows)
    return len(rows)


def _refuse(act: Act, outcome: Outcome, reason: str) -> None:
    if act.refused is not None and outcome is Outcome.REFUSED:
        act.action = act.refused
    if outcome is Outcome.REFUSED and is_only_counted(
        act.actor, act.action, act.subject or Subject("", "")
    ):
        return
    row = _record(act, outcome)
    row.reason = without_people(reason)[:500]
    row.leaf = leaf(row.content())
    try:
        with transaction.atomic(using=REFUSALS):
            _write([row], using=REFUSALS)
    except DatabaseError:
        # A connection that has gone stale must not hide the refusal from the actor: one retry
        # on a fresh one; if the database is down, nothing was done that needs a record.
        connections[REFUSALS].close()
        with transaction.atomic(using=REFUSALS):
            _write([row], using=REFUSALS)


def _further(act: Act) -> list[Record]:
    return [
        _record(Act(act.actor, action, subject, dict(facts)), Outcome.DONE)
        for action, subject, facts in act.others
    ]


def _record(act: Act, outcome: Outcome) -> Record:
    actor, subject = act.actor, act.subject or Subject("", "")
    facts = without_people(act.facts)
    row = Record(
        at=clock.now(),
        action=act.action.code,
        article=act.action.article,
        actor_kind=actor.kind.value,
        actor_key=actor.key,
        actor_name=actor.name,
        actor_role=actor.role,
        department_code=actor.department_code,
        department_name=actor.department_name,
        channel=actor.channel.value,
        request_id=actor.request_id,
        subject_kind=subject.kind,
        subject_key=subject.key,
        subject_label=without_people(subject.label)[:200],
        outcome=outcome.value,
        facts=facts,
    )
    row.leaf = leaf(row.content())
    return row


def _write(records: Sequence[Record], *, using: str = "default") -> None:
    Record.objects.using(using).bulk_create(records, batch_size=500)
    origins.write(records, using=using)

"""What strangers were refused, counted and summed: a flood of tries must not fill the trail (M.25).

The first refusal of a network, of one kind and subject, in a minute is recorded at once; what
follows in that minute is counted, and one more record says how often. Where nobody can count,
each is recorded.
"""

import json

import structlog
from redis.exceptions import RedisError

from zezhou_portal.kernel import clock, counters, vault
from zezhou_portal.kernel.actors import Actor, ActorKind
from zezhou_portal.kernel.network import caller_network
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.regulation.actions import Action

log = structlog.get_logger(__name__)

_MINUTE = 60
# A minute whose sum was not written for so long is lost: its first refusal stands.
_KEPT_MINUTES = 60


def is_only_counted(actor: Actor, action: Action, subject: Subject) -> bool:
    """Whether a refusal is counted and leaves no record of its own."""
    network = caller_network()
    if actor.kind is not ActorKind.PUBLIC or not network:
        return False
    what = [vault.blind(network), action.name, subject.kind, subject.key, subject.label]
    minute = _this_minute()
    try:
        count = counters.add_under(
            _name(minute), json.dumps(what), 1, (_KEPT_MINUTES + 1) * _MINUTE
        )
    except RedisError as error:
        log.warning("refusals_not_counted", error=type(error).__name__)
        return False
    return count > 1


def take_sums() -> list[tuple[Action, Subject, int]]:
    """What was counted in the minutes that are over, beyond the first of each; taken once."""
    now = _this_minute()
    found = []
    for minute in range(now - _KEPT_MINUTES, now):
        for what, count in counters.take_all(_name(minute)).items():
            _, action, kind, key, label = json.loads(what)
            if count > 1:
                found.append((Action[action], Subject(kind, key, label), count - 1))
    return found


def _this_minute() -> int:
    return int(clock.now().timestamp()) // _MINUTE


def _name(minute: int) -> str:
    return f"refusals:{minute}"

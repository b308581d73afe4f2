"""Tell a department that a message of theirs needs a person (M.8)."""

from collections.abc import Sequence

from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.topics import topic_of
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.notices import services as notifications
from zezhou_portal.parties.notices.stalled import About
from zezhou_portal.regulation.actions import Action

_DESK = "/exchange/"
_TITLES = {
    "REFUSED": (Action.MESSAGE_REFUSED, "市平台退回了推送的证照信息"),
    "GIVEN_UP": (Action.MESSAGE_GIVEN_UP, "推送市平台多次未成"),
}


def tell_stuck(messages: Sequence[Outbound]) -> None:
    """Tells those who may resend about refused and given-up messages of their department.

    One notification a batch and department: a city that refuses a thousand says so once.
    Another reason is news and is told again. Belongs to the caller's transaction; the messages'
    departments are loaded.
    Article: M.8.
    """
    groups: dict[tuple[int, str], list[Outbound]] = {}
    for message in messages:
        groups.setdefault((message.department_id, message.state), []).append(message)
    for (_, state), stuck in groups.items():
        action, title = _TITLES[state]
        notifications.tell(
            action=action,
            title=title,
            body=_body(stuck),
            link=f"{_DESK}?state={state}",
            urgent=True,
            department=stuck[0].department,
            capability=Capability.RESEND_MESSAGES,
            news=_reason(stuck[0]),
        )


def _body(stuck: Sequence[Outbound]) -> str:
    first, reason = stuck[0], _reason(stuck[0])
    said = f"市平台答复：“{reason}”。" if first.state == "REFUSED" else f"原因：{reason}"
    more = f"连同这一件共 {len(stuck)} 件。" if len(stuck) > 1 else ""
    return f"{first.subject_label}（{topic_of(first.topic).words}）。{said}{more}请到推送页处理。"


def _reason(message: Outbound) -> str:
    return message.city_reason if message.state == "REFUSED" else message.last_error


def about(message: Outbound) -> About:
    """What people are told of a message that a worker could not deal with."""
    return About(
        Subject(message.subject_kind, message.subject_key, message.subject_label),
        message.department,
        f"{_DESK}{message.uuid}/",
        Capability.RESEND_MESSAGES,
    )

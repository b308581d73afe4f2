"""Telling members of staff and holders something, once per event; and staff reading it."""

from collections.abc import Iterable
from hashlib import sha256

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.redaction import without_people
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.capabilities import ROLE_CAPABILITIES, Capability, Role
from zezhou_portal.parties.models import Account, Department, Holder, Notification
from zezhou_portal.parties.postings import people_with_roles
from zezhou_portal.regulation.actions import Action


def tell(
    *,
    action: Action,
    title: str,
    body: str,
    link: str = "",
    urgent: bool = False,
    department: Department | None = None,
    account: Account | None = None,
    role: Role | None = None,
    capability: Capability | None = None,
    subject: Subject | None = None,
    news: str = "",
) -> list[Notification]:
    """Puts a message into one person's inbox, or into those of a department's role.

    Give `account`, or `department` with `role` or `capability`; without a department a role is
    told county-wide. A person is told once: holding two of the roles, or an unread message of
    the same action, title and link, adds nothing; where `news` is given, only one that told the
    same news. `subject` is what the message speaks of. Belongs to the caller's transaction.
    Article: M.24.
    """
    title, body = without_people(title)[:120], without_people(body)[:500]
    people = [account] if account else people_with_roles(_roles(role, capability), department)
    key = f"news:{sha256(news.encode()).hexdigest()[:40]}" if news else ""
    unread = Notification.objects.filter(
        account__in=people, action=action.code, title=title, link=link, read_at__isnull=True
    )
    if key:
        unread = unread.filter(key=key)
    told = set(unread.values_list("account_id", flat=True))
    return Notification.objects.bulk_create(
        Notification(
            account=person,
            department=department,
            key=key,
            action=action.code,
            title=title,
            body=body,
            link=link,
            is_urgent=urgent,
            **_columns(subject),
        )
        for person in people
        if person.pk not in told
    )


def tell_holder(
    *,
    holder: Holder,
    action: Action,
    title: str,
    body: str,
    link: str = "",
    key: str,
    urgent: bool = False,
    subject: Subject | None = None,
) -> Notification | None:
    """Puts a message into a holder's inbox, once for each `key`; None where it lies there already.

    The key names the happening, so that what runs twice is told once. Belongs to the caller's
    transaction. Article: M.20.
    """
    message, is_new = Notification.objects.get_or_create(
        holder=holder,
        key=key,
        defaults={
            "action": action.code,
            "title": without_people(title)[:120],
            "body": without_people(body)[:500],
            "link": link,
            "is_urgent": urgent,
            **_columns(subject),
        },
    )
    return message if is_new else None


def forget_notifications(subject: Subject) -> int:
    """Erases what people were told of a subject; gives how many messages.

    Belongs to the act that erases the subject itself. Article: M.3.
    """
    rows = Notification.objects.filter(subject_key=subject.key, subject_kind=subject.kind)
    erased, _ = rows.delete()
    return erased


def read_notification(*, actor: Actor, notification: Notification) -> Notification:
    """Marks one's own message as read; a second reading changes nothing.

    Reading one's inbox is no act for the trail. Article: M.24.
    """
    mine = Notification.objects.filter(
        pk=notification.pk, account_id=actor.account_id or 0, read_at__isnull=True
    )
    mine.update(read_at=clock.now())
    notification.refresh_from_db(fields=["read_at"])
    return notification


def read_all(*, actor: Actor) -> int:
    """Marks all of one's own messages as read; gives how many were unread. Article: M.24."""
    return Notification.objects.filter(
        account_id=actor.account_id or 0, read_at__isnull=True
    ).update(read_at=clock.now())


def _columns(subject: Subject | None) -> dict[str, str]:
    return {"subject_kind": subject.kind, "subject_key": subject.key} if subject else {}


def _roles(role: Role | None, capability: Capability | None) -> Iterable[Role]:
    if role is not None:
        return [role]
    return [one for one, given in ROLE_CAPABILITIES.items() if capability in given]

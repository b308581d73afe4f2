"""Work of other apps that stands in a person's or a department's name.

The parties lie under the apps that do the work and may not import them. `PORTAL_OPEN_WORK`
names their modules; each offers `WORDS` (what its work is called), `of_account(account_id,
department_id)`, `of_department(department_id)`, `by_account()` and `hand_on_work(actor=…,
leaver=…, successor=…, department=…)`.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from django.conf import settings

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.models import Account, Department


class Provider(Protocol):
    """What a module of `PORTAL_OPEN_WORK` offers."""

    WORDS: str

    def of_account(self, account_id: int, department_id: int | None = None) -> int:
        """How many pieces stand in a person's name, in one department or in all."""

    def of_department(self, department_id: int) -> int:
        """How many pieces a department has under way."""

    def by_account(self) -> dict[int, int]:
        """How many pieces stand in each person's name: accounts without any are left out."""

    def hand_on_work(
        self, *, actor: Actor, leaver: Account, successor: Account, department: Department
    ) -> int:
        """Moves the pieces; gives how many."""


@dataclass(frozen=True)
class OpenWork:
    """So many pieces of one sort of work."""

    words: str
    count: int


def providers() -> list[Provider]:
    """The configured modules."""
    return [_load(name) for name in settings.PORTAL_OPEN_WORK]


def of_account(account_id: int, department_id: int | None = None) -> list[OpenWork]:
    """What stands in a person's name; nothing means that nothing does."""
    found = [(one.WORDS, one.of_account(account_id, department_id)) for one in providers()]
    return [OpenWork(words, count) for words, count in found if count]


def of_department(department_id: int) -> list[OpenWork]:
    """What a department has under way."""
    found = [(one.WORDS, one.of_department(department_id)) for one in providers()]
    return [OpenWork(words, count) for words, count in found if count]


def by_account() -> dict[int, int]:
    """How many pieces of all sorts stand in each person's name."""
    total: dict[int, int] = {}
    for one in providers():
        for account_id, count in one.by_account().items():
            total[account_id] = total.get(account_id, 0) + count
    return total


def hand_on(*, actor: Actor, leaver: Account, successor: Account, department: Department) -> int:
    """Hands every sort of work on that there is; gives how many pieces moved."""
    return sum(
        one.hand_on_work(actor=actor, leaver=leaver, successor=successor, department=department)
        for one in providers()
        if one.of_account(leaver.pk, department.pk)
    )


def _load(name: str) -> Provider:
    return import_module(name)

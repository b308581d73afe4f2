"""A new installation's first people: the bureau and its four administrators.

Everything after that is done in the browser by them. Refuses to run where anybody has an
account already, so that it can never become a back door.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, ActorKind, Channel
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Account, Department, DepartmentFunction, Role
from zezhou_portal.parties.staff import accounts, departments, postings
from zezhou_portal.regulation.errors import RuleBroken

_ROLES = (
    Role.SYSTEM_ADMINISTRATOR,
    Role.SECURITY_ADMINISTRATOR,
    Role.AUDITOR,
    Role.BUREAU_ADMINISTRATOR,
)


class Command(BaseCommand):
    """manage.py open_first_accounts --bureau NAME --code CREDIT_CODE --people A B C D [--commit]"""

    help = "Opens the bureau and its four administrators on an empty installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bureau", required=True)
        parser.add_argument("--code", required=True)
        parser.add_argument("--people", nargs=4, required=True, metavar="NAME")
        parser.add_argument("--commit", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Prints each account with its first password, once; dry unless --commit."""
        if Account.objects.exists():
            raise CommandError("已经有账号了。新账号由系统管理员在“账号”页面开通。")
        if not options["commit"]:
            self.stdout.write("空库，可以开通。加 --commit 执行。")
            return
        try:
            bureau = departments.open_department(
                actor=_installer(),
                name=options["bureau"],
                kind="county",
                credit_code=options["code"],
                functions=[
                    DepartmentFunction.MANAGEMENT.value,
                    DepartmentFunction.ISSUING.value,
                    DepartmentFunction.USING.value,
                    DepartmentFunction.SEAL.value,
                ],
            )
            for role, name in zip(_ROLES, options["people"], strict=True):
                self._open(bureau, role, name)
        except RuleBroken as refusal:
            raise CommandError(refusal.reason) from refusal

    def _open(self, bureau: Department, role: Role, name: str) -> None:
        opened = accounts.open_account(
            actor=_installer(),
            username=f"first.{role.value.split('_')[0]}",
            name=name,
            department=bureau,
        )
        postings.appoint(
            actor=_installer(),
            account=opened.account,
            department=bureau,
            role=role,
            from_on=clock.today(),
        )
        self.stdout.write(
            f"{opened.account.username}  {name}（{role.label}）  初始密码 {opened.first_password}"
        )


def _installer() -> Actor:
    """The installation itself, named as such in the trail, with no more than it needs."""
    return Actor(
        kind=ActorKind.MACHINE,
        key="open_first_accounts",
        name="系统安装",
        channel=Channel.COMMAND,
        grants=frozenset(
            {
                Capability.MANAGE_DEPARTMENTS.value,
                Capability.OPEN_ACCOUNTS.value,
                Capability.APPOINT_PEOPLE.value,
            }
        ),
    )

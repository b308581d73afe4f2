"""The people of the tests: a bureau, two issuing departments, a neighbour, and how they act.

`cast = Cast()` (or the fixture `cast`) makes the rows;
`cast.actor("market.clerk")` gives the Actor, `cast.client("market.clerk")` a Django client that
is signed in with both factors.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.contrib.auth.hashers import make_password
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories.parties import (
    PASSWORD,
    DepartmentFactory,
    HolderFactory,
    credit_code,
    device_for,
)
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, Channel
from zezhou_portal.parties.models import Account, Department, Holder, Posting, Role
from zezhou_portal.parties.staff import second_factor
from zezhou_portal.parties.staff.officials import live_postings, official

_ISSUING = {
    "compiler": Role.CATALOGUE_COMPILER,
    "clerk": Role.CAPTURE_CLERK,
    "reviewer": Role.REVIEWER,
    "signatory": Role.SIGNATORY,
    "custodian": Role.SEAL_CUSTODIAN,
}
_BUREAU = {
    "system": Role.SYSTEM_ADMINISTRATOR,
    "security": Role.SECURITY_ADMINISTRATOR,
    "auditor": Role.AUDITOR,
    "administrator": Role.BUREAU_ADMINISTRATOR,
    "supervisor": Role.BUREAU_SUPERVISOR,
}


_USING = {"verifier": Role.VERIFIER}


@dataclass
class Cast:
    """Rows by name; accounts are `<department>.<part>`.

    Departments: `bureau` (management and issuing), `market` and `land` (both issuing), `power`
    (a public utility that uses licences). Parts of each issuing department: compiler, clerk,
    reviewer, signatory, custodian, verifier; of the bureau also system, security, auditor,
    administrator, supervisor; of `power` verifier alone. `stranger` is a holder that only the
    neighbour (`land`) has dealt with.
    """

    departments: dict[str, Department] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    postings: dict[str, Posting] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bureau = _department("泽州县行政审批服务管理局", 1, bureau=True)
        self.market = _department("泽州县市场监督管理局", 2, issuing=True)
        self.land = _department("泽州县自然资源局", 3, issuing=True)
        self.power = _department("泽州县供电服务单位", 4)
        self.departments = {
            "bureau": self.bureau,
            "market": self.market,
            "land": self.land,
            "power": self.power,
        }
        for place in self.departments:
            parts = {**_ISSUING, **_BUREAU} if place == "bureau" else _ISSUING
            parts = _USING if place == "power" else {**parts, **_USING}
            for part, role in parts.items():
                self._add(f"{place}.{part}", role)
        self._save()
        self.stranger: Holder = HolderFactory(name="邻家人")

    def account(self, who: str) -> Account:
        """The account of a member of the cast."""
        return self.accounts[who]

    def actor(self, who: str, *, channel: Channel = Channel.PAGE) -> Actor:
        """A member of the cast acting for the department their name says."""
        account = self.accounts[who]
        postings = live_postings(account, clock.today())
        department = self.departments[who.split(".", 1)[0]]
        return official(account, department, postings, channel=channel, request_id="test")

    def client(self, who: str) -> Client:
        """A client signed in as a member of the cast, both factors given."""
        return signed_in(self.accounts[who])

    def _add(self, who: str, role: Role) -> None:
        department = self.departments[who.split(".", 1)[0]]
        account = Account(
            username=who,
            name=f"{role.label}{len(self.accounts)}",
            department=department,
            password=_password(),
            must_change_password=False,
        )
        self.accounts[who] = account
        self.postings[who] = Posting(
            account=account, department=department, role=role.value, from_on=date(2020, 1, 1)
        )

    def _save(self) -> None:
        """A statement a table: every test makes the cast anew, and there are thousands."""
        Department.objects.bulk_create(self.departments.values())
        Account.objects.bulk_create(self.accounts.values())
        TOTPDevice.objects.bulk_create(device_for(account) for account in self.accounts.values())
        Posting.objects.bulk_create(self.postings.values())


def _department(name: str, serial: int, **traits: bool) -> Department:
    """One of the cast's, under one code in every test: its key and seal are made once a run."""
    return DepartmentFactory.build(name=name, credit_code=credit_code(899_000 + serial), **traits)


@cache
def _password() -> str:
    return make_password(PASSWORD)


def signed_in(account: Account) -> Client:
    """A client signed in as an account that has its second factor set up."""
    client = Client()
    client.force_login(account)
    device = second_factor.device_of(account)
    if device is None:
        raise AssertionError(f"{account.username} has no second factor")
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session["begun_at"] = session["proved_at"] = clock.now().timestamp()
    session.save()
    return client

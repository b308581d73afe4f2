"""The sample county: its departments, people with invented names for every role, holders.

Only for demonstration and tests by hand: the passwords are known. Safe to repeat.
"""

import csv
import json
import os
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django_otp.plugins.otp_totp.models import TOTPDevice

from audit.trail.recording import acting
from zezhou_portal.kernel import clock, vault
from zezhou_portal.kernel.actors import Actor, Channel, machine
from zezhou_portal.parties.capabilities import Capability, Role
from zezhou_portal.parties.holders.operators import Operator
from zezhou_portal.parties.holders.services import enter_holder
from zezhou_portal.parties.mandates.representatives import know_representative
from zezhou_portal.parties.models import (
    Account,
    Basis,
    Department,
    DepartmentFunction,
    Holder,
    HolderKind,
    IdentityType,
    Mandate,
    MandateKind,
    Posting,
    Power,
)
from zezhou_portal.parties.staff import second_factor
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.identifiers import is_trader_code

# Printed by the demo. A county's own installation never calls this module.
DEFAULT_PASSWORD = "sample-county-2026"  # noqa: S105
BUREAU = "泽州县行政审批服务管理局"

_DESKS = (
    ("compiler", Role.CATALOGUE_COMPILER),
    ("clerk", Role.CAPTURE_CLERK),
    ("reviewer", Role.REVIEWER),
    ("signatory", Role.SIGNATORY),
    ("custodian", Role.SEAL_CUSTODIAN),
    ("verifier", Role.VERIFIER),
)
_BUREAU_DESKS = (
    ("system", Role.SYSTEM_ADMINISTRATOR),
    ("security", Role.SECURITY_ADMINISTRATOR),
    ("auditor", Role.AUDITOR),
    ("administrator", Role.BUREAU_ADMINISTRATOR),
    ("supervisor", Role.BUREAU_SUPERVISOR),
)
# Prefix of the user names, department, the people's names desk by desk. All names are invented.
_PLACES: tuple[tuple[str, str, str], ...] = (
    ("approval", BUREAU, "秦晓禾 王丽娟 张敏 李海燕 马建国 高树青"),
    ("market", "泽州县市场监督管理局", "郭文静 赵志强 孙玉梅 周卫东 吴春生 李强"),
    ("land", "泽州县自然资源局", "郑晓峰 冯雪琴 陈国栋 褚红霞 卫东明 邢小芳"),
    ("civil", "泽州县民政局", "蒋秀兰 沈建平 韩爱华 杨立新 朱慧敏 潘志和"),
    ("water", "泽州县水务局", "尤泽民 许静怡 何永胜 吕秋月 施长河 武云飞"),
)
_BUREAU_NAMES = "孔令辉 曹瑞芳 严守正 华明远 金晓岚"


@dataclass(frozen=True)
class SamplePerson:
    """One account of the sample county, with what is needed to log in as them."""

    username: str
    name: str
    department: str
    role: str
    password: str
    device: TOTPDevice

    @property
    def code(self) -> str:
        """The one-time code of this moment."""
        return second_factor.code_at(self.device, clock.now())

    @property
    def address(self) -> str:
        """The otpauth address, for a phone."""
        return second_factor.address_of(Account.objects.get(username=self.username), self.device)


def sample_actor() -> Actor:
    """The command that loads the sample county, as the trail names it."""
    return machine("load_sample_county", channel=Channel.COMMAND)


def load_departments(csv_path: Path) -> list[Department]:
    """Enters the departments of `name,kind,functions,credit_code`; those that stand stay.

    `functions` are separated by spaces. Article: M.3.
    """
    loaded = []
    with csv_path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            functions = line["functions"].split()
            for one in functions:
                DepartmentFunction(one)  # a word that is none stops the load
            row = Department.objects.filter(credit_code=line["credit_code"]).first()
            loaded.append(row or _open(line, functions))
    return loaded


def load_people() -> list[SamplePerson]:
    """One account a role in the bureau and in four more departments; those that stand stay.

    The password comes from PORTAL_SAMPLE_PASSWORD, else it is the printed default; the second
    factor of each account follows from its user name and the index key, so that the demo can
    print codes. Article: M.24.
    """
    password = os.environ.get("PORTAL_SAMPLE_PASSWORD") or DEFAULT_PASSWORD
    # Everybody's is the same, and a hash takes as long as it should: one serves all.
    hashed = make_password(password)
    people = []
    for prefix, name, names in _PLACES:
        department = Department.objects.get(name=name, is_open=True)
        desks = list(zip(_DESKS, names.split(), strict=True))
        if name == BUREAU:
            desks += zip(_BUREAU_DESKS, _BUREAU_NAMES.split(), strict=True)
        for (part, role), person in desks:
            account = _account(f"{prefix}.{part}", person, department, hashed)
            _post(account, department, role, named=role is Role.REVIEWER)
            device = _device(account)
            people.append(
                SamplePerson(account.username, person, name, role.label, password, device)
            )
    return people


def load_holders(path: Path) -> dict[str, Holder]:
    """The sample holders of a file, by key: people, an enterprise with its representative and
    agents, a sole trader named after its operator, who can all sign in at the stand-in identity
    service. Those that stand stay.

    Article: M.20.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    actor = replace(sample_actor(), grants=frozenset({Capability.ENTER_HOLDERS.value}))
    found = {
        one["key"]: enter_holder(
            actor=actor,
            kind=HolderKind.NATURAL_PERSON.value,
            name=one["name"],
            identity_type=IdentityType.CITIZEN_ID.value,
            identity_number=one["identity_number"],
            phone=one.get("phone", ""),
        ).holder
        for one in content["people"]
    }
    for one in content["enterprises"]:
        representative = found[one["representative"]]
        kind = HolderKind.SOLE_TRADER if is_trader_code(one["code"]) else HolderKind.LEGAL_PERSON
        enterprise = enter_holder(
            actor=actor,
            kind=kind.value,
            name=one["name"],
            identity_type=IdentityType.CREDIT_CODE.value,
            identity_number=one["code"],
            operator=Operator(representative.name, number=representative.identity_number),
        ).holder
        found[one["key"]] = enterprise
        with acting(actor, Action.REPRESENTATIVE_KNOWN, enterprise.subject) as act:
            know_representative(act=act, enterprise=enterprise, person=representative)
            act.note("sample", True)  # noqa: FBT003
        for key in one["agents"]:
            _appoint(actor, enterprise, found[key], representative)
    return found


def _appoint(actor: Actor, enterprise: Holder, agent: Holder, by: Holder) -> None:
    """An agent's mandate for a year from today; one that counts stays."""
    today = clock.today()
    own = Mandate.objects.filter(
        principal=enterprise, agent=agent, kind=MandateKind.AGENT.value, ended_at__isnull=True
    )
    if any(one.is_live(today) for one in own):
        return
    with acting(actor, Action.MANDATE_GIVEN) as act:
        own.update(ended_at=clock.now(), end_reason="term_over")
        mandate = Mandate.objects.create(
            kind=MandateKind.AGENT.value,
            principal=enterprise,
            agent=agent,
            powers=[Power.SEE.value, Power.SHOW.value, Power.COPY.value],
            from_on=today,
            until_on=today + timedelta(days=365),
            basis=Basis.APPOINTMENT.value,
            given_by=by,
        )
        act.set_subject(mandate.subject)
        act.note("sample", True)  # noqa: FBT003


def _open(line: dict[str, str], functions: list[str]) -> Department:
    with acting(sample_actor(), Action.DEPARTMENT_OPENED) as act:
        row = Department.objects.create(
            name=line["name"],
            kind=line["kind"],
            functions=functions,
            credit_code=line["credit_code"],
        )
        act.set_subject(row.subject)
        act.note("sample", True)  # noqa: FBT003
    return row


def _account(username: str, name: str, department: Department, hashed: str) -> Account:
    account = Account.objects.filter(username=username).first()
    if account is not None:
        return account
    with acting(sample_actor(), Action.ACCOUNT_OPENED) as act:
        account = Account(
            username=username,
            name=name,
            department=department,
            password=hashed,
            must_change_password=False,
        )
        account.save()
        act.set_subject(account.subject)
        act.note("sample", True)  # noqa: FBT003
    return account


def _post(account: Account, department: Department, role: Role, *, named: bool) -> None:
    if Posting.objects.filter(account=account, department=department, role=role.value).exists():
        return
    with acting(sample_actor(), Action.PERSON_POSTED, account.subject) as act:
        Posting.objects.create(
            account=account,
            department=department,
            role=role.value,
            from_on=date(2022, 11, 25),
            is_named_person=named,
        )
        act.note("role", role.value)
        act.note("sample", True)  # noqa: FBT003


def _device(account: Account) -> TOTPDevice:
    device = second_factor.device_of(account)
    if device is None:
        seed = vault.blind(f"sample-seed:{account.username}")[:40]
        device = TOTPDevice.objects.create(user=account, name="样例动态口令", key=seed)
    return device

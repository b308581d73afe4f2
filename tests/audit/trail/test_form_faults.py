"""A form that is not filled in right yet is no act on the trail; a refusal is (M.25, 0034)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import PASSWORD, Cast
from tests.factories.parties import HolderFactory
from tests.families import person, represented
from tests.holders import holder_actor
from tests.parties.mandates.test_mandates import appoint, helped
from tests.parties.mandates.test_window_mandates import window as recorded
from tests.records import records
from tests.usage.sealed import in_force
from usage.models import Mode
from usage.verifying.past_days import verify_on
from usage.verifying.version_facts import facts_of_version
from usage.window.services import Identity, find_holder
from zezhou_portal.kernel import clock
from zezhou_portal.parties.mandates.giving import Named
from zezhou_portal.parties.staff import accounts, factors
from zezhou_portal.regulation.errors import FormFault, NotPermitted, RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.25")]
Send = Callable[[], Any]


def opened(cast: Cast, who: str = "bureau.system", **typed: Any) -> Any:
    typed = {"username": "new.clerk", "name": "新人", "department": cast.market, **typed}
    return accounts.open_account(actor=cast.actor(who), **typed)


def changed(cast: Cast, who: str = "market.clerk", old: str = PASSWORD, new: str = "x") -> Any:
    account = cast.account("market.clerk")
    return factors.change_password(actor=cast.actor(who), account=account, old=old, new=new)


def asked(cast: Cast, who: str = "power.verifier", **typed: str) -> Any:
    typed = {"identity_type": "111", "number": "1", "name": "", "check": "holder", **typed}
    return find_holder(actor=cast.actor(who), identity=Identity(**typed))


def looking_back(cast: Cast, who: str = "power.verifier") -> Send:
    facts = facts_of_version(in_force(cast).versions.get().pk)
    day = clock.today() + timedelta(days=1)
    return lambda: verify_on(actor=cast.actor(who), facts=facts, day=day, mode=Mode.TYPED)


def appointing(_: Cast) -> Send:
    actor, _mandate = represented(person("赵代表", serial=11), HolderFactory(enterprise=True))
    return lambda: appoint(actor, until_on=None)


def helping(_: Cast) -> Send:
    principal = person("李甲", serial=3)
    actor = holder_actor(principal)
    return lambda: helped(principal, actor=actor, until_on=None)


FORMS: dict[str, tuple[str, Callable[[Cast], Send]]] = {
    "account": ("account_opened", lambda cast: lambda: opened(cast, username="张三", name="")),
    "password": ("password_changed", lambda cast: lambda: changed(cast)),
    "same password": ("password_changed", lambda cast: lambda: changed(cast, new=PASSWORD)),
    "agent": ("agent_appointed", appointing),
    "helper": ("mandate_given", helping),
    "at a window": ("mandate_recorded", lambda cast: lambda: recorded(cast, until_on=None)),
    "papers": ("mandate_recorded", lambda cast: lambda: recorded(cast, evidence="")),
    "window": ("window_looked_up", lambda cast: lambda: asked(cast)),
    "past day": ("licence_verified", looking_back),
}


@pytest.mark.parametrize("form", FORMS)
def test_form_when_sent_five_times_with_faults_then_no_act(cast: Cast, form: str) -> None:
    action, prepare = FORMS[form]
    send = prepare(cast)
    for _ in range(5):
        with pytest.raises(FormFault) as caught:
            send()
        assert caught.value.fields
    assert records(action) == []


REFUSALS: dict[str, tuple[str, Callable[[Cast], Send]]] = {
    "account": ("account_opened", lambda cast: lambda: opened(cast, "market.clerk", name="")),
    "name taken": (
        "account_opened", lambda cast: lambda: opened(cast, username="market.clerk", name="")
    ),
    "another's": ("password_changed", lambda cast: lambda: changed(cast, "market.reviewer")),
    "old password": (
        "password_changed",
        lambda cast: lambda: changed(cast, old="wrong", new="a-longer-pass-5"),
    ),
    "at a window": (
        "mandate_recorded", lambda cast: lambda: recorded(cast, "market.clerk", until_on=None)
    ),
    "window": ("window_looked_up", lambda cast: lambda: asked(cast, "bureau.system")),
    "past day": ("licence_verified", lambda cast: looking_back(cast, "bureau.system")),
}  # fmt: skip


@pytest.mark.parametrize("form", REFUSALS)
def test_form_when_it_is_refused_then_on_the_trail_also_with_faults(cast: Cast, form: str) -> None:
    action, prepare = REFUSALS[form]
    send = prepare(cast)
    with pytest.raises((RuleBroken, NotPermitted)) as caught:
        send()
    assert not isinstance(caught.value, FormFault)
    assert [row.outcome for row in records(action)] == ["refused"]


def test_mandate_when_the_form_has_a_fault_then_nobody_is_looked_up(cast: Cast) -> None:
    """Else whoever sends a wrong day could try names and numbers without a trace."""
    known, principal = person("张甲", serial=7), person("李甲", serial=3)
    for name in ("张甲", "别名"):
        agent = Named(name, known.identity_number)
        for send in (
            lambda agent=agent: helped(principal, agent, until_on=None),
            lambda agent=agent: recorded(cast, principal=agent, until_on=None),
        ):
            with pytest.raises(FormFault) as caught:
                send()
            assert set(caught.value.fields) == {"until_on"}

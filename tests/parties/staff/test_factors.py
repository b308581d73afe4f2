"""Nobody becomes somebody else by one administrator's hand (M.24, M.25)."""

from datetime import timedelta

import pytest
import time_machine

from tests.cast import Cast
from tests.factories.parties import PASSWORD, AccountFactory, PostingFactory
from tests.records import records
from zezhou_portal.kernel import clock
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability, Role
from zezhou_portal.parties.models import Account, Notification, Posting, TextMessage
from zezhou_portal.parties.staff import factors, second_factor
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken
from zezhou_portal.regulation.limits import FRESH_FACTOR, PASSWORDS_REMEMBERED, RESETS_APART

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.25")]

RESETS = {"password": factors.reset_password, "second_factor": factors.reset_second_factor}


@pytest.fixture
def named(cast: Cast) -> Account:
    """The named person of the market department; another of the same department does not count."""
    Posting.objects.filter(account=cast.account("market.reviewer")).update(is_named_person=True)
    return cast.account("market.reviewer")


def other_security(cast: Cast) -> Account:
    account: Account = AccountFactory(username="bureau.security2", department=cast.bureau)
    PostingFactory(account=account, department=cast.bureau, role=Role.SECURITY_ADMINISTRATOR)
    cast.accounts["bureau.security2"] = account
    return account


def bind(cast: Cast, who: str) -> None:
    account = cast.account(who)
    second_factor.forget(account)
    device = second_factor.begin(account)
    code = second_factor.code_at(device, clock.now())
    factors.set_second_factor(actor=cast.actor(who), account=account, code=code)
    account.refresh_from_db()


@pytest.mark.parametrize("first", RESETS)
def test_resets_when_one_administrator_resets_both_then_the_second_takes_another(
    cast: Cast, first: str
) -> None:
    second = next(one for one in RESETS if one != first)
    account = cast.account("market.signatory")
    RESETS[first](actor=cast.actor("bureau.security"), account=account)
    before = Account.objects.get(pk=account.pk).password
    with pytest.raises(RuleBroken, match="要由另一位安全管理员"):
        RESETS[second](actor=cast.actor("bureau.security"), account=account)
    assert Account.objects.get(pk=account.pk).password == before
    assert [one.outcome for one in records(f"{second}_reset")] == ["refused"]
    other_security(cast)
    RESETS[second](actor=cast.actor("bureau.security2"), account=account)


def test_resets_when_a_week_has_passed_then_the_same_may(cast: Cast) -> None:
    account = cast.account("market.signatory")
    factors.reset_password(actor=cast.actor("bureau.security"), account=account)
    with (
        time_machine.travel(clock.now() + RESETS_APART - timedelta(seconds=2)),
        pytest.raises(RuleBroken, match="另一位"),
    ):
        factors.reset_second_factor(actor=cast.actor("bureau.security"), account=account)
    with time_machine.travel(clock.now() + RESETS_APART, tick=False):
        factors.reset_second_factor(actor=cast.actor("bureau.security"), account=account)


@pytest.mark.parametrize("which", RESETS)
def test_reset_when_done_then_person_phone_and_named_person_hear_of_it(
    cast: Cast, named: Account, which: str
) -> None:
    account = cast.account("market.signatory")
    account.phone = "13800000001"
    account.save(update_fields=["phone"])
    RESETS[which](actor=cast.actor("bureau.security"), account=account)
    told = set(
        Notification.objects.filter(action=f"{which}_reset").values_list(
            "account__username", flat=True
        )
    )
    assert told == {"market.signatory", named.username}
    assert [one.phone for one in TextMessage.objects.all()] == ["13800000001"]
    assert cast.actor("bureau.security").name not in TextMessage.objects.get().words


def test_sign_off_when_the_phone_was_just_bound_then_not_for_a_day(cast: Cast) -> None:
    bind(cast, "market.signatory")
    actor = cast.actor("market.signatory")
    for capability in (
        Capability.ISSUE_LICENCES, Capability.SIGN_OFF_STOCK, Capability.CHANGE_LICENCES,
    ):  # fmt: skip
        with pytest.raises(NotPermitted, match="动态口令刚绑定"):
            permit(actor, capability, cast.market.pk)
    permit(actor, Capability.CONSULT_REGISTER, cast.market.pk)
    with time_machine.travel(clock.now() + FRESH_FACTOR, tick=False):
        permit(actor, Capability.ISSUE_LICENCES, cast.market.pk)


@pytest.mark.article("M.24")
def test_vouch_when_the_named_person_says_so_then_signs_off_at_once(
    cast: Cast, named: Account
) -> None:
    bind(cast, "market.signatory")
    asked = Notification.objects.get(account=named, action="second_factor_set")
    row = cast.account("market.signatory")
    page = cast.client(named.username).get(asked.link)
    assert row.name in page.content.decode()
    answer = cast.client(named.username).post(asked.link)
    assert answer.status_code == 302
    row.refresh_from_db()
    permit(cast.actor("market.signatory"), Capability.ISSUE_LICENCES, cast.market.pk)
    assert [one.outcome for one in records("second_factor_vouched")] == ["done"]


@pytest.mark.article("M.24")
@pytest.mark.parametrize("who", ["land.reviewer", "market.clerk", "bureau.security"])
def test_vouch_when_not_the_named_person_of_the_department_then_not_found(
    cast: Cast, named: Account, who: str
) -> None:
    # the neighbour is a named person too, of another department
    Posting.objects.filter(account=cast.account("land.reviewer")).update(is_named_person=True)
    bind(cast, "market.signatory")
    row = cast.account("market.signatory")
    address = f"/accounts/{row.uuid}/vouch/"
    assert cast.client(who).get(address).status_code == 404
    assert cast.client(who).post(address).status_code == 404
    with pytest.raises(NotPermitted):
        factors.vouch_second_factor(actor=cast.actor(who), account=row)
    row.refresh_from_db()
    assert row.signs_from is not None


@pytest.mark.article("M.24")
def test_vouch_when_for_oneself_then_refused(cast: Cast, named: Account) -> None:
    bind(cast, named.username)
    with pytest.raises(RuleBroken, match="不能核实自己"):
        factors.vouch_second_factor(
            actor=cast.actor(named.username), account=cast.account(named.username)
        )
    assert not Notification.objects.filter(account=named, action="second_factor_set").exists()


def test_change_password_when_used_before_then_refused(cast: Cast) -> None:
    account, actor = cast.account("market.clerk"), cast.actor("market.clerk")
    words = [f"Autumn-harvest-{number}" for number in range(PASSWORDS_REMEMBERED + 1)]
    old = PASSWORD
    for new in words:
        factors.change_password(actor=actor, account=account, old=old, new=new)
        old = new
    for former in words[:-1]:
        with pytest.raises(RuleBroken) as caught:
            factors.change_password(actor=actor, account=account, old=old, new=former)
        assert caught.value.fields == {"new": "这个密码以前用过。请换一个没有用过的。"}
    # the one before the remembered ones may come back
    factors.change_password(actor=actor, account=account, old=old, new=PASSWORD)

"""Accounts: opened and closed by one administrator, unlocked and reset by another (M.25)."""

import pytest
from django.contrib.auth.hashers import check_password

from tests.cast import Cast
from tests.factories.parties import PASSWORD, AccountFactory
from tests.records import outcomes, records
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Account, Notification, Posting
from zezhou_portal.parties.staff import accounts, factors, second_factor
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.25")]


def test_open_account_when_right_then_first_password_works_once(cast: Cast) -> None:
    opened = accounts.open_account(
        actor=cast.actor("bureau.system"),
        username=" New.Clerk ",
        name="新人",
        department=cast.market,
    )
    row = Account.objects.get(username="new.clerk")
    assert row == opened.account
    assert check_password(opened.first_password, row.password)
    assert row.must_change_password
    assert row.postings.count() == 0
    assert [(one.outcome, one.facts) for one in records("account_opened")] == [
        ("done", {"username": "new.clerk", "department": cast.market.credit_code})
    ]


def test_open_account_when_not_system_administrator_then_refused_on_the_trail(cast: Cast) -> None:
    for who in ("bureau.security", "bureau.administrator", "market.clerk"):
        with pytest.raises(NotPermitted):
            accounts.open_account(
                actor=cast.actor(who), username="new.clerk", name="新人", department=cast.market
            )
    assert [one.outcome for one in records("account_opened")] == ["refused"] * 3
    assert not Account.objects.filter(username="new.clerk").exists()


def test_open_account_when_typed_wrong_then_a_sentence_at_each_field(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as caught:
        accounts.open_account(
            actor=cast.actor("bureau.system"),
            username="market.clerk",
            name=" ",
            department=cast.market,
        )
    assert caught.value.fields == {
        "username": "已经有账号 market.clerk。一个人只用一个账号；重名的请加数字。",
        "name": "还没有填姓名。",
    }
    with pytest.raises(RuleBroken) as caught:
        accounts.open_account(
            actor=cast.actor("bureau.system"), username="张三", name="张三", department=cast.market
        )
    assert caught.value.fields == {
        "username": "账号用 3 到 40 个小写字母、数字、点、横线或下划线。"
    }


@pytest.mark.article("M.24")
def test_close_account_when_closed_then_postings_end_and_session_is_over(cast: Cast) -> None:
    client = cast.client("market.clerk")
    assert client.get("/inbox/").status_code == 200
    accounts.close_account(actor=cast.actor("bureau.system"), account=cast.account("market.clerk"))
    assert client.get("/inbox/").status_code == 302
    assert not Posting.objects.filter(
        account=cast.account("market.clerk"), ended_at__isnull=True
    ).exists()
    assert outcomes("account_closed") == [("done", "market.clerk")]
    with pytest.raises(RuleBroken) as caught:
        accounts.close_account(
            actor=cast.actor("bureau.system"), account=cast.account("market.clerk")
        )
    assert caught.value.reason == "market.clerk 已经停用，不用再停。"


def test_close_account_when_one_s_own_then_refused(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as caught:
        accounts.close_account(
            actor=cast.actor("bureau.system"), account=cast.account("bureau.system")
        )
    assert caught.value.reason == "不能停用自己的账号。请另一位系统管理员办理。"


def test_unlock_account_when_locked_then_open_and_recorded(wednesday, cast: Cast) -> None:
    account = AccountFactory(
        username="shut", failed_logins=5, locked_until="2026-11-18T10:15+08:00"
    )
    accounts.unlock_account(actor=cast.actor("bureau.security"), account=account)
    account.refresh_from_db()
    assert (account.failed_logins, account.locked_until) == (0, None)
    assert [one.facts for one in records("account_unlocked")] == [{"locked": [True, False]}]
    with pytest.raises(RuleBroken) as caught:
        accounts.unlock_account(actor=cast.actor("bureau.security"), account=account)
    assert caught.value.reason == "shut 没有锁定，可以直接登录。"
    with pytest.raises(NotPermitted):
        accounts.unlock_account(actor=cast.actor("bureau.system"), account=account)


def test_reset_password_when_reset_then_old_one_is_dead(cast: Cast) -> None:
    account = cast.account("market.clerk")
    opened = factors.reset_password(actor=cast.actor("bureau.security"), account=account)
    account.refresh_from_db()
    assert not check_password(PASSWORD, account.password)
    assert check_password(opened.first_password, account.password)
    assert account.must_change_password
    with pytest.raises(RuleBroken):
        factors.reset_password(
            actor=cast.actor("bureau.security"), account=cast.account("bureau.security")
        )


def test_reset_second_factor_when_reset_then_told_and_set_up_again(wednesday, cast: Cast) -> None:
    account = cast.account("market.clerk")
    factors.reset_second_factor(actor=cast.actor("bureau.security"), account=account)
    assert second_factor.device_of(account) is None
    told = Notification.objects.get(account=account)
    assert told.is_urgent
    assert records("second_factor_reset")[0].facts == {"second_factor": [True, False]}
    device = second_factor.begin(account)
    code = second_factor.code_at(device, clock.now())
    factors.set_second_factor(actor=cast.actor("market.clerk"), account=account, code=code)
    assert second_factor.device_of(account) == device
    with pytest.raises(RuleBroken):
        factors.set_second_factor(actor=cast.actor("market.clerk"), account=account, code=code)


def test_set_second_factor_when_another_s_then_refused(cast: Cast) -> None:
    with pytest.raises(RuleBroken):
        factors.set_second_factor(
            actor=cast.actor("market.clerk"), account=cast.account("land.clerk"), code="123456"
        )


@pytest.mark.parametrize(
    ("old", "new", "fields"),
    [
        ("wrong", "a-new-longer-pass-5", {"old": "密码不对。请再输一遍；连错 5 次会锁 15 分钟。"}),
        (PASSWORD, PASSWORD, {"new": "新密码和现在的一样，请换一个。"}),
        (PASSWORD, "short-7", {"new": "新密码至少 10 位。"}),
        (PASSWORD, "19870605432198", {"new": "新密码不能全是数字。"}),
        (PASSWORD, "market.clerk", {"new": "新密码和您的账号或姓名太像。"}),
    ],
)
def test_change_password_when_not_allowed_then_says_why(cast: Cast, old, new, fields) -> None:
    account = cast.account("market.clerk")
    with pytest.raises(RuleBroken) as caught:
        factors.change_password(actor=cast.actor("market.clerk"), account=account, old=old, new=new)
    assert caught.value.fields == fields
    account.refresh_from_db()
    assert check_password(PASSWORD, account.password)
    # a wrong old password is a proof that does not fit; a new one that is not right yet, no act
    kept = [("refused", "market.clerk")] if "old" in fields else []
    assert outcomes("password_changed") == kept


def test_hashers_when_in_production_then_argon2_first() -> None:
    from zezhou_portal.settings import base

    assert base.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"

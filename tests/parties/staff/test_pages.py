"""The pages of people, departments, accounts, holders and instruments, walked as people do."""

import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.factories.parties import NotificationFactory
from tests.records import outcomes, records
from zezhou_portal.parties.models import (
    Account,
    Department,
    Notification,
    Posting,
    SuccessorInstrument,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def test_people_page_when_gaps_then_on_top_and_closed_by_naming(cast: Cast) -> None:
    client = cast.client("bureau.administrator")
    page = client.get("/people/").content.decode()
    assert "有单位还没有指定专人" in page
    assert page.index("有单位还没有指定专人") < page.index(cast.account("market.clerk").name)
    for who in ("market.clerk", "land.clerk", "bureau.clerk", "power.verifier"):
        path = reverse("parties:name-person", args=[cast.postings[who].uuid])
        assert client.post(path, {"named": "yes"})["Location"] == "/people/"
    page = client.get("/people/").content.decode()
    assert "有单位还没有指定专人" not in page
    assert "已是指定专人" in page
    own = reverse("parties:end-posting", args=[cast.postings["market.clerk"].uuid])
    gap = "泽州县市场监督管理局就没有这位指定专人了，请随后另行指定。"
    assert gap in client.get(own).content.decode()
    again = reverse("parties:name-person", args=[cast.postings["market.clerk"].uuid])
    told = client.post(again, {"named": "yes"}, follow=True).content.decode()
    assert f"{cast.account('market.clerk').name}已经是指定专人。" in told


def test_appoint_page_when_filled_then_posted_and_when_refused_then_said_at_the_field(cast) -> None:
    client = cast.client("bureau.administrator")
    data = {"account": cast.account("land.clerk").pk, "department": cast.market.uuid,
            "role": "reviewer", "from_on": "2026年11月18日", "until_on": "20261231"}  # fmt: skip
    wrong = client.post("/people/appoint/", {**data, "until_on": "2026-02-30"})
    assert wrong.status_code == 422
    assert "日期不存在，2026年没有2月30日" in wrong.content.decode()
    assert client.post("/people/appoint/", data)["Location"] == "/people/"
    row = Posting.objects.get(account=cast.account("land.clerk"), department=cast.market)
    assert str(row.until_on) == "2026-12-31"
    again = client.post("/people/appoint/", data)
    assert "已经是审核员" in again.content.decode()


def test_end_posting_page_when_confirmed_then_ended(cast: Cast) -> None:
    client = cast.client("bureau.administrator")
    path = reverse("parties:end-posting", args=[cast.postings["market.clerk"].uuid])
    assert "这个岗位的权限马上停止" in client.get(path).content.decode()
    assert client.post(path)["Location"] == "/people/"
    again = client.post(path)
    assert again.status_code == 422
    assert "已经结束" in again.content.decode()


def test_cover_page_when_filled_then_covered(cast: Cast) -> None:
    client = cast.client("bureau.administrator")
    path = reverse("parties:cover", args=[cast.postings["market.reviewer"].uuid])
    data = {"by": cast.account("land.reviewer").pk, "from_on": "2026-11-18", "until_on": ""}
    assert "还没有填顶岗到哪一天" in client.post(path, data).content.decode()
    assert client.post(path, {**data, "until_on": "2026-11-20"}).status_code == 302
    page = client.get("/people/").content.decode()
    assert f"顶{cast.account('market.reviewer').name}的岗" in page


def test_posted_refusal_when_capability_is_missing_then_on_the_trail(cast: Cast) -> None:
    answer = cast.client("market.clerk").post("/people/appoint/", {})
    assert answer.status_code == 403
    assert [(row.outcome, row.actor_key) for row in records("person_posted")] == [
        ("refused", str(cast.account("market.clerk").uuid))
    ]


def test_department_pages_when_opened_changed_and_closed_then_listed_so(cast: Cast) -> None:
    client = cast.client("bureau.administrator")
    data = {"name": "泽州县样例乡", "credit_code": "11140525MB00000196", "kind": "township",
            "functions": ["using"]}  # fmt: skip
    wrong = client.post("/departments/open/", {**data, "credit_code": "11140525MB00000190"})
    assert "校验码对不上" in wrong.content.decode()
    assert client.post("/departments/open/", data)["Location"] == "/departments/"
    row = Department.objects.get(credit_code="11140525MB00000196")
    path = reverse("parties:department", args=[row.uuid])
    assert 'value="泽州县样例乡"' in client.get(path).content.decode()
    client.post(
        path, {"name": "泽州县样例镇", "kind": "township", "functions": ["using", "issuing"]}
    )
    assert "泽州县样例镇" in client.get("/departments/?q=样例镇").content.decode()
    close = reverse("parties:close-department", args=[row.uuid])
    asked = client.get(close).content.decode()
    assert "停用泽州县样例镇？" in asked
    assert "还有没办结的件或在岗的人时，不能停用。" in asked
    assert f'href="{path}"' in asked
    assert client.post(close)["Location"] == "/departments/"
    assert "停用" in client.get("/departments/?q=样例镇").content.decode()
    assert outcomes("department_closed") == [("done", "泽州县样例镇")]


def test_account_pages_when_opened_then_password_shown_once_and_not_kept(cast: Cast) -> None:
    client = cast.client("bureau.system")
    data = {"name": "新人", "username": "new.person", "department": cast.market.pk}
    answer = client.post("/accounts/open/", data)
    assert answer["Cache-Control"] == "no-store"
    row = Account.objects.get(username="new.person")
    shown = answer.context["opened"].first_password
    assert shown in answer.content.decode()
    assert row.check_password(shown)
    assert "还没有改初始密码" in client.get("/accounts/?q=new.person").content.decode()
    close = reverse("parties:close-account", args=[row.uuid])
    asked = client.get(close).content.decode()
    assert "停用新人（new.person）的账号？" in asked
    assert "停用后不能恢复，再来上班要另开账号。" in asked
    assert client.post(close)["Location"] == "/accounts/"


def test_account_pages_when_security_then_unlocks_and_resets(cast: Cast) -> None:
    account = cast.account("market.clerk")
    Account.objects.filter(pk=account.pk).update(
        failed_logins=5, locked_until="2026-11-18T10:15+08:00"
    )
    client = cast.client("bureau.security")
    assert "已锁" in client.get("/accounts/").content.decode()
    for name in ("unlock", "reset-second-factor"):
        path = reverse(f"parties:{name}", args=[account.uuid])
        assert client.get(path).status_code == 200
        assert client.post(path)["Location"] == "/accounts/"
    path = reverse("parties:reset-password", args=[account.uuid])
    asked = client.get(path).content.decode()
    assert f"重置{account.name}（market.clerk）的密码？" in asked
    assert "新的初始密码只显示一次，请当面交给本人。" in asked
    assert "要由另一位安全管理员核对本人后办理" in client.post(path).content.decode()
    Account.objects.filter(pk=account.pk).update(second_factor_reset_by=None)
    assert "密码已重置" in client.post(path).content.decode()


@pytest.mark.article("M.26")
def test_holders_page_when_found_then_masked_and_number_in_no_address(cast: Cast) -> None:
    client = cast.client("market.clerk")
    page = client.post("/holders/", {"q": cast.stranger.identity_number}).content.decode()
    assert "邻**" in page
    assert cast.stranger.name not in page
    assert page.count(cast.stranger.identity_number) == 1  # what was typed, nowhere else
    assert "没有找到这位持证人" in client.post("/holders/", {"q": "无此人"}).content.decode()
    assert [row.facts for row in records("holders_searched")] == [{"found": 1}, {"found": 0}]


@pytest.mark.article("M.32")
def test_instruments_page_when_loaded_then_in_force_again(cast: Cast) -> None:
    client = cast.client("bureau.administrator")
    assert "还没有登记后续文件" in client.get("/instruments/").content.decode()
    data = {"replaces": "M", "title": "新办法", "number": "一号", "in_force_from": "2026-11-18",
            "text": "第一条"}  # fmt: skip
    assert client.post("/instruments/", data)["Location"] == "/instruments/"
    assert "还没有登记后续文件" in client.get("/instruments/").content.decode()
    supervisor = cast.client("bureau.supervisor")
    confirm = f"/instruments/{SuccessorInstrument.objects.get().uuid}/confirm/"
    assert "要由另一个人确认" in client.post(confirm).content.decode()
    assert "第一条" in supervisor.get(confirm).content.decode()
    assert "后续文件，等我确认" in supervisor.get("/desk/").content.decode()
    assert supervisor.post(confirm)["Location"] == confirm.removesuffix("confirm/")
    page = client.get("/instruments/").content.decode()
    assert "《办法》由《新办法》（一号）接替" in page
    assert "还没有登记后续文件" not in page
    withdraw = confirm.replace("confirm", "withdraw")
    assert "还没有写为什么撤回" in client.post(withdraw, {"reason": ""}).content.decode()
    assert client.post(withdraw, {"reason": "文号写错了"}).status_code == 302
    assert "文号写错了" in client.get(confirm.removesuffix("confirm/")).content.decode()
    assert "还没有登记后续文件" in client.get("/instruments/").content.decode()


def test_inbox_when_all_are_read_at_once_then_only_one_s_own(cast: Cast) -> None:
    mine = NotificationFactory.create_batch(2, account=cast.account("market.clerk"))
    other = NotificationFactory(account=cast.account("land.clerk"))
    client = cast.client("market.clerk")
    assert mine[0].title in client.get("/inbox/").content.decode()
    assert client.post("/inbox/read/")["Location"] == "/inbox/"
    unread = Notification.objects.filter(read_at__isnull=True)
    assert list(unread) == [other]


def test_instruments_page_when_a_line_is_wrong_then_said_at_its_field(cast: Cast) -> None:
    client = cast.client("bureau.administrator")
    data = {"replaces": "M", "title": "新办法", "number": "一号", "in_force_from": "2026-11-18",
            "text": "第一条"}  # fmt: skip
    client.post("/instruments/", data)
    for changed, sentence in (
        ({}, "“一号”已经登记过。"),
        (
            {"number": "二号", "in_force_from": "2022-11-25"},
            "后续文件不会早于原文件的印发日期（2022-11-25）。请核对。",
        ),
        (
            {"number": "二号", "ends_on": "2026-11-17"},
            "有效期至（2026-11-17）早于施行日期（2026-11-18）。",
        ),
    ):
        answer = client.post("/instruments/", {**data, **changed})
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert SuccessorInstrument.objects.count() == 1

"""What stands on paper, typed; and purpose-marked copies: all four right, or the one answer."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.trail.models import Record
from licences.models import Licence, LicenceVersion
from licences.register import changes
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.usage.presenting.test_present_and_read import holder_of
from tests.usage.sealed import in_force, made, second_version
from tests.usage.verifying.test_code_on_the_face import address_of
from usage.models import Mode, PresentationOff, PurposeCopy, Verification
from usage.verifying.outcomes import Outcome
from usage.verifying.services import check_copy, check_typed
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import public

CODE = "ABCDEFGHJKLM"


def printed(licence: Licence) -> dict[str, str]:
    """The four things, as they stand on the face."""
    version = LicenceVersion.objects.get(licence=licence, no=1)
    return {
        "number": version.frozen["number"],
        "code": version.check_code,
        "issued_on": version.frozen["issued_on"],
        "holder": version.frozen["holders"][0]["name"],
    }


def asked(client: Client, typed: dict[str, str]) -> str:
    answer = client.post("/verify/code/", typed)
    assert answer.status_code == 303, answer.content.decode()
    html = client.get(answer["Location"])
    assert html.status_code == 200
    return html.content.decode()


def bare(html: str) -> str:
    """A page without what differs by chance: token, number, time and the ids made of them."""
    html = re.sub(r"HY-\d{8}-[0-9A-F]{8}|HY-[0-9A-F-]+", "HY", html)
    html = re.sub(r"art-[0-9a-f]{8}", "art", html)
    html = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", html)
    return re.sub(r"/verify/results/[0-9a-f-]+/", "/", html)


@pytest.mark.article("M.18")
def test_paper_when_all_four_agree_then_the_present_word(cast: Cast, client: Client) -> None:
    licence = in_force(cast)
    typed = printed(licence)
    day = date.fromisoformat(typed["issued_on"])
    code = typed["code"]
    ways = [
        {},
        {"number": licence.identifier},
        {"number": f" {typed['number'].replace('〔', '(').replace('〕', ')').lower()} "},
        {"code": f"{code[:4].lower()} {code[4:].lower()}"},
        {"issued_on": f"{day.year}年{day.month}月{day.day}日"},
        {"issued_on": f"{day:%Y%m%d}"},
        {"issued_on": f"{day.year}/{day.month}/{day.day}"},
        {"holder": f" {typed['holder'][:2]} {typed['holder'][2:]} "},
    ]
    for change in ways:
        html = asked(client, {**typed, **change})
        assert "<h1>现在有效</h1>" in html, change
        assert licence.number in html
        assert "视同复印件" in html
        for words in ("可以作为办事依据", "<h1>通过", "不用再要纸质"):
            assert words not in html, words
        assert html.count("问的是登记库里存的文件，不是手里的纸") == 3
    kept = Verification.objects.filter(licence=licence, mode=Mode.TYPED, outcome="valid")
    assert kept.count() == len(ways)
    assert Record.objects.filter(
        action="licence_looked_up", subject_key=str(licence.uuid)
    ).count() == len(ways)


def test_paper_when_held_together_then_all_names_as_printed(cast: Cast, client: Client) -> None:
    licence = in_force(cast)
    version = LicenceVersion.objects.get(licence=licence)
    pair = [
        {"name": name, "kind": "natural_person", "type": "", "number": ""}
        for name in ("欧阳样例", "郭·买买提")
    ]
    LicenceVersion.objects.filter(pk=version.pk).update(frozen={**version.frozen, "holders": pair})
    typed = printed(licence)
    for names in ("欧阳样例、郭·买买提", "欧阳样例，郭•买买提", "欧阳样例 郭买买提"):
        html = asked(client, {**typed, "holder": names})
        assert "欧***、郭" in html or "欧**" in html
        assert "欧阳" not in html
        assert "买买提" not in html
    for names in ("欧阳样例", "郭·买买提、欧阳样例", "欧**、郭****"):
        assert "没有能给您看的结果" in asked(client, {**typed, "holder": names})


@pytest.mark.article("M.22", "M.26")
def test_paper_when_anything_is_wrong_then_one_and_the_same_page(
    cast: Cast, client: Client, wednesday: time_machine.Traveller
) -> None:
    applications = Applications(cast)
    licence = made(applications.issued())
    typed, unmade = printed(licence), printed(applications.issued())  # its file is not made
    other = "A" if typed["code"][0] != "A" else "B"
    wrong: list[dict[str, str]] = [
        {**typed, "number": "没有这样的编号"},
        {**typed, "number": unmade["number"]},
        unmade,
        {**typed, "code": other + typed["code"][1:]},
        {**typed, "issued_on": "1999-01-01"},
        {**typed, "holder": "别人"},
        {**typed, "holder": "*"},
        dict.fromkeys(typed, "x") | {"code": "ABCDEFGH", "issued_on": "2020-02-02"},
    ]
    pages = {bare(asked(client, one)) for one in wrong}
    (page,) = pages
    assert "没有能给您看的结果。" in page
    assert 'class="zz-code">V10</span>' in page
    # what was typed stands nowhere
    told = str(list(Record.objects.values("facts", "subject_label", "subject_key")))
    kept = str(list(Verification.objects.filter(outcome="not_found").values()))
    for text in (typed["number"], typed["code"], typed["holder"], "别人"):
        assert text not in told
        assert text not in kept
    assert {one.licence for one in Verification.objects.filter(outcome="not_found")} == {None}


@pytest.mark.article("M.26")
def test_number_when_guessed_then_it_is_never_looked_for(cast: Cast) -> None:
    """The same statements with the same values, whether or not a number exists."""
    licence = in_force(cast)
    typed = printed(licence)
    asked_for: list[list[str]] = []
    for number in (typed["number"], licence.identifier, "没有这样的编号"):
        with CaptureQueriesContext(connection) as queries:
            got = check_typed(
                actor=public("t"), number=number, code="ABCDEFGH",
                issued_on=date.fromisoformat(typed["issued_on"]), holder=typed["holder"],
            )  # fmt: skip
        assert got.outcome is Outcome.NOT_FOUND
        asked_for.append([one["sql"] for one in queries if one["sql"].startswith("SELECT")])
    assert asked_for[0] == asked_for[1] == asked_for[2]
    assert len(asked_for[0]) == 1


@pytest.mark.article("M.22")
def test_printed_code_when_every_holder_switched_it_off_then_the_fields_are_hidden(
    cast: Cast, client: Client
) -> None:
    licence = in_force(cast)
    address = address_of(licence)
    off = PresentationOff.objects.create(
        licence=licence, holder=holder_of(licence), since=clock.now()
    )
    html = client.get(address).content.decode()
    assert "持证人关闭了这份证照的亮证。" in html
    assert licence.number not in html
    assert licence.kind_name not in html
    assert licence.holder_names not in html
    # who verifies on duty has the paper in hand and sees what it says
    assert licence.number in cast.client("power.verifier").get(address).content.decode()
    off.until = clock.now()
    off.save(update_fields=["until"])
    assert licence.number in client.get(address).content.decode()


def copy_of(licence: Licence, **how: Any) -> PurposeCopy:
    values = {
        "code": CODE,
        "licence": licence,
        "version": LicenceVersion.objects.get(licence=licence, no=1),
        "holder": holder_of(licence),
        "made_by_holder": holder_of(licence),
        "purpose": "办理贷款（样例银行）",
        "expires_on": clock.today() + timedelta(days=30),
        "made_at": clock.now(),
    }
    return PurposeCopy.objects.create(**{**values, **how})


@pytest.mark.article("S.10")
def test_copy_when_looked_up_then_purpose_term_and_the_present_word(
    cast: Cast, client: Client, wednesday: time_machine.Traveller
) -> None:
    licence = in_force(cast)
    copy = copy_of(licence)
    for spelling in (f"/C/{CODE}", f"/c/{CODE.lower()}", f"/C/{CODE}/"):
        answer = client.get(spelling)
        assert answer["Cache-Control"] == "no-store"
        html = answer.content.decode()
        assert "<h1>现在有效</h1>" in html
        for words in (
            "办理贷款（样例银行）",
            "2026年12月18日",
            "2026年11月18日 10:00",
            "视同复印件",
        ):
            assert words in html
        assert licence.number in html
    kept = Verification.objects.order_by("-pk")[0]
    assert (kept.mode, kept.licence) == (Mode.COPY, licence)
    told = Record.objects.filter(action="licence_looked_up").order_by("-seq")[0]
    assert told.subject_key == str(licence.uuid)
    assert told.facts["copy"] == str(copy.uuid)
    changes.detain(
        actor=cast.actor("market.signatory"), licence=licence, reason="查实", document="1号"
    )
    html = client.get(f"/C/{CODE}").content.decode()
    assert "<h1>现在不能用</h1>" in html
    assert "证照暂扣" in html


@pytest.mark.article("S.10")
@pytest.mark.parametrize("how", ["term", "ended"])
def test_copy_when_its_term_is_over_or_it_was_ended_then_only_that_is_said(
    cast: Cast, client: Client, wednesday: time_machine.Traveller, how: str
) -> None:
    licence = in_force(cast)
    ended = {"ended_at": clock.now()} if how == "ended" else {}
    copy_of(licence, expires_on=clock.today(), **ended)
    if how == "term":
        assert check_copy(actor=public("t"), code=CODE).outcome is Outcome.VALID
        wednesday.shift(timedelta(days=1))
    html = client.get(f"/C/{CODE}").content.decode()
    assert "这份加注件已经过了用期，或者已经作废。" in html
    assert 'class="zz-code">V18</span>' in html
    assert licence.number not in html
    assert ("已作废" in html) is (how == "ended")
    kept = Verification.objects.order_by("-pk")[0]
    assert (kept.outcome, kept.licence) == ("copy_expired", licence)


def test_copy_when_its_licence_has_a_new_version_then_superseded(cast: Cast) -> None:
    licence = in_force(cast)
    copy_of(licence)
    second_version(licence)
    assert check_copy(actor=public("t"), code=CODE).outcome is Outcome.SUPERSEDED


def test_copy_when_the_code_is_wrong_then_the_one_answer(cast: Cast, client: Client) -> None:
    copy_of(in_force(cast))
    pages = set()
    for address in ("/C/MLKJHGFEDCBA", "/C/x", "/V/202600000001/ABCDEFGH", "/C/" + "A" * 900):
        answer = client.get(address)
        assert answer.status_code == 200
        html = re.sub(r'name="next" value="[^"]*"', "", answer.content.decode())
        pages.add(bare(html))
    assert len(pages) == 1


@pytest.mark.article("M.26")
def test_paper_when_typed_too_often_then_limited_with_the_time(
    db: None, client: Client, wednesday: time_machine.Traveller
) -> None:
    typed = {"number": "x", "code": "ABCDEFGH", "issued_on": "2026-01-01", "holder": "x"}
    for _ in range(60):
        assert client.post("/verify/code/", typed).status_code == 303
    answer = client.post("/verify/code/", typed)
    assert answer.status_code == 429
    assert "请在 10:10 以后再查。填的内容还在" in answer.content.decode()
    # what is wrong with the form itself costs nothing
    assert client.post("/verify/code/", {**typed, "code": "0"}).status_code == 422


def test_paper_when_typed_unreadably_then_each_field_says_how(db: None, client: Client) -> None:
    answer = client.post(
        "/verify/code/", {"number": "", "code": "O0I1", "issued_on": "2023-02-30", "holder": ""}
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    for words in (
        "校验码是 8 位数字和字母", "日期不存在，2023年没有2月30日", "还没有填",
    ):  # fmt: skip
        assert words in html

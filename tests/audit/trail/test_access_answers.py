"""The auditor finds a licence or a person, sees who looked, and answers a complainant (M.25)."""

import re

import pytest

from audit.trail.models import Record
from audit.trail.recording import record
from licences.register import consulting
from tests.cast import Cast
from tests.factories.parties import HolderFactory
from tests.holders import holder_actor
from tests.records import outcomes, records
from tests.usage.wallet.scene import Hands, person
from usage.verifying import services
from usage.wallet import reading
from zezhou_portal.kernel.actors import public
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.regulation.actions import Action

pytestmark = [pytest.mark.usefixtures("wednesday"), pytest.mark.article("M.25")]
FIND, ANSWER = "/trail/find/", "/trail/access/"


@pytest.fixture
def hands(cast: Cast) -> Hands:
    return Hands(cast)


@pytest.fixture
def auditor(cast: Cast):
    return cast.client("bureau.auditor")


def looked_at(cast: Cast, hands: Hands):
    """A licence that its holder, a clerk and somebody without an account looked at."""
    owner = person("谢洋洋")
    licence = hands.licence(owner)
    consulting.consult(actor=cast.actor("market.clerk"), licence=licence)
    reading.open_card(actor=holder_actor(owner), licence=licence)
    version = licence.versions.get()
    serial = licence.stem.rsplit(".", 1)[1]
    services.check_printed(
        actor=public(), serial=serial, code=version.check_code, purpose="租房合同"
    )
    return owner, licence


def found(page) -> list[str]:
    return [one.words for one, _ in page.context["found"]]


def test_find_when_by_number_holder_or_name_then_masked_and_on_the_record(cast, hands, auditor):
    owner, licence = looked_at(cast, hands)
    clerk = cast.account("market.clerk")
    for text in (licence.number, licence.identifier):
        page = auditor.post(FIND, {"q": text})
        assert f"{licence.kind_name} {licence.number}" in found(page), text
        assert owner.name not in page.content.decode().replace(f'value="{text}"', ""), text
    other = hands.applications.issued(
        hands.applications.received(holders=[HolderFactory(enterprise=True, name="泽州县晋香食府")])
    )
    names = found(auditor.post(FIND, {"q": "晋香食府"}))
    assert names == [f"{other.kind_name} {other.number}", "泽州县晋香食府（法人）"]
    assert "谢**（自然人）" in found(auditor.post(FIND, {"q": "谢洋"}))
    assert f"{clerk.name}（工作人员）" in found(auditor.post(FIND, {"q": clerk.name}))
    assert found(auditor.post(FIND, {"q": "没有这个人"})) == []
    row = records("trail_subjects_found")[0]
    assert row.facts["search"].startswith("hmac:")


def test_find_when_too_short_then_said_at_the_field(auditor):
    answer = auditor.post(FIND, {"q": "谢"})
    assert answer.status_code == 422
    assert "至少写两个字" in answer.content.decode()


def test_who_looked_when_asked_then_one_filter_finds_every_look_and_nothing_else(
    cast, hands, auditor
):
    _, licence = looked_at(cast, hands)
    neighbour = hands.licence(HolderFactory())
    consulting.consult(actor=cast.actor("market.reviewer"), licence=neighbour)
    page = auditor.get("/trail/", {"about": f"licence:{licence.uuid}", "action": "looks"})
    acts = [row.action for row in page.context["page"].rows]
    assert acts == ["licence_looked_up", "licence_consulted", "licence_consulted"]
    everything = auditor.get("/trail/", {"about": f"licence:{licence.uuid}"})
    told = {row.action for row in everything.context["page"].rows}
    assert {"application_received", "licence_issued", "licence_in_force"} < told
    assert all(str(neighbour.uuid) != row.subject_key for row in everything.context["page"].rows)


def test_person_when_asked_about_then_all_that_is_theirs_and_officials_by_what_they_did(
    cast, hands, auditor
):
    owner, licence = looked_at(cast, hands)
    page = auditor.get("/trail/", {"about": f"holder:{owner.uuid}", "action": "looks"})
    assert {row.subject_key for row in page.context["page"].rows} == {str(licence.uuid)}
    clerk = cast.account("market.clerk")
    page = auditor.get("/trail/", {"about": f"account:{clerk.uuid}"})
    assert {row.actor_key for row in page.context["page"].rows} == {str(clerk.uuid)}
    for code in ("licence:none", "account:0", "seal:9", f"licence:{owner.uuid}"):
        assert auditor.get("/trail/", {"about": code}).status_code == 404


def test_answer_when_given_then_who_when_why_masked_and_itself_on_the_record(cast, hands, auditor):
    owner, licence = looked_at(cast, hands)
    answer = auditor.post(ANSWER, {"about": f"licence:{licence.uuid}"})
    text = answer.content.decode()
    clerk = cast.account("market.clerk")
    assert answer.status_code == 200
    for words in (
        "2026年11月18日", f"泽州县市场监督管理局 · 采集员 {clerk.name[0]}某", "持证人本人",
        "没有登录的人", "共有 3 次", "谢**", "办法第二十五条",
    ):  # fmt: skip
        assert words in text, words
    # what somebody without an account typed never stands in a holder's history
    assert "租房合同" not in text
    assert owner.name not in text
    assert clerk.name not in text
    assert owner.identity_number not in text
    (row,) = records("access_answered")
    assert (row.subject_kind, row.subject_key) == ("licence", str(licence.uuid))
    assert (row.facts["found"], row.actor_key) == (3, cast.actor("bureau.auditor").key)
    again = auditor.post(ANSWER, {"about": f"licence:{licence.uuid}"}).content.decode()
    assert "出具查看记录" in again  # the holder learns of the answer too


def test_answer_when_nobody_looked_then_said_and_wrong_periods_are_refused(cast, hands, auditor):
    licence = hands.licence(HolderFactory())
    about = {"about": f"licence:{licence.uuid}"}
    assert (
        "没有人查看"
        in auditor.post(
            ANSWER, {**about, "first": "2026-11-16", "last": "2026-11-17"}
        ).content.decode()
    )
    for days in ({"first": "2026-11-18", "last": "2026-11-17"}, {"first": "2024-01-01"}):
        assert auditor.post(ANSWER, {**about, **days}).status_code == 422
    official = {"about": f"account:{cast.account('market.clerk').uuid}"}
    assert "不按工作人员" in auditor.post(ANSWER, official).content.decode()


@pytest.mark.article("M.26")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["market.clerk", "land.clerk", "bureau.supervisor"])
def test_access_when_asked_by_anybody_but_the_auditor_then_403_and_refused_on_the_record(cast, who):
    """Not even the department that issued it, nor a neighbour: the answer is the auditor's."""
    licence = Hands(cast).licence(person("谢洋洋"))
    client = cast.client(who)
    assert client.post(FIND, {"q": licence.number}).status_code == 403
    assert client.post(ANSWER, {"about": f"licence:{licence.uuid}"}).status_code == 403
    assert client.get(FIND).status_code == 403
    assert [outcome for outcome, _ in outcomes("access_answered")] == ["refused"]


RAW = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-|[{}\[\]]|(?<![A-Za-z0-9./])[a-z]+_[a-z_]+|(?<![A-Z])[A-Z]{2,}_[A-Z]+"
    r"|None|True|False|(?<![0-9A-Z])[MSP]\.[0-9]"
)


def test_trail_when_read_by_the_auditor_then_every_fact_in_chinese(cast, hands, auditor):
    owner, licence = looked_at(cast, hands)
    for facts in (
        {"what": "intake_site"},
        {"what": ["intake_site", "holder:0"]},
        {"holders": [str(owner.uuid)], "mode": "OFFLINE"},
        {"clock_article": "M.9", "clock_state": "BREACHED", "is_provisional": False},
        {"kind": licence.type_code, "copy": "01234567-89ab-cdef-0123-456789abcdef"},
        {"about": str(owner.uuid), "department": cast.market.credit_code, "last_day": None},
    ):
        record(cast.actor("market.clerk"), Action.VALUE_UNMASKED, licence.subject, facts)
    hands.applications.returned()
    gone = Subject("licence", "gone", "取水许可证")
    record(
        cast.actor("market.clerk"), Action.MESSAGE_RESENT, gone,
        {"message": "01234567-89ab-cdef-0123-456789abcdef", "message_state": ["REFUSED", "WAITING"]},
    )  # fmt: skip
    auditor.get("/trail/", {"about": f"holder:{owner.uuid}", "action": "looks"})
    seen = 0
    token = ""
    while True:
        page = auditor.get("/trail/", {"asked": "1", **({"page": token} if token else {})})
        for row, event in zip(page.context["page"].rows, page.context["rows"], strict=True):
            for line in (event.what, event.who, *event.details[1:]):
                seen += 1
                assert not RAW.search(line), (row.action, line)
        token = page.context["page"].after
        if not token:
            break
    assert seen > 40
    assert Record.objects.count() > 10

"""One licence: its face with nothing masked, what it says in words, the switch (M.20, P.2.3.3)."""

from datetime import timedelta

import pytest
import time_machine

from audit.trail.selectors import of_subject
from licences.models import LicenceMark
from tests.cast import Cast
from tests.factories.licences import WATER_VALUES
from tests.holders import holder_actor, holder_client, mandate_of
from tests.usage.wallet.scene import Hands, firm, person
from usage.models import PresentationOff
from usage.presenting import presentations, switching
from usage.presenting.presentations import Chosen
from usage.verifying import codes, redemption
from usage.verifying.outcomes import Outcome
from zezhou_portal.kernel import clock
from zezhou_portal.regulation.errors import RuleBroken

PORTAL = "http://127.0.0.1:8000"


@pytest.mark.article("M.20")
def test_card_when_opened_then_face_words_and_files(
    hands: Hands, django_assert_max_num_queries
) -> None:
    owner = person("谢洋")
    licence = hands.licence(owner)
    client = holder_client(owner)
    path = f"/wallet/licences/{licence.uuid}/"
    client.get(path)
    with django_assert_max_num_queries(24):
        answer = client.get(path)
    page = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert len(answer.content) < 100_000
    assert f'src="{path}face.svg?page=1"' in page
    for value in WATER_VALUES.values():
        assert value in page
    for said in ("OFD 原件", "PDF 阅览件", "加注件", "关闭亮证", licence.number):
        assert said in page
    face = client.get(f"{path}face.svg?page=1")
    assert face["Content-Type"] == "image/svg+xml"
    assert face["Cache-Control"] == "no-store"
    assert b"<svg" in face.content
    for wrong in ("0", "9", "99", "-1", "１", "a"):
        assert client.get(f"{path}face.svg", {"page": wrong}).status_code == 404


@pytest.mark.article("M.25")
def test_card_when_reloaded_then_one_record_an_hour(
    hands: Hands, wednesday: time_machine.Traveller
) -> None:
    owner, wife = person("谢洋"), person("王秀兰")
    licence = hands.licence(owner, wife)
    looks = of_subject("licence", str(licence.uuid)).filter(action="licence_consulted")

    def open_it() -> None:
        holder_client(owner).get(f"/wallet/licences/{licence.uuid}/")

    open_it()
    open_it()
    assert looks.count() == 1
    holder_client(wife).get(f"/wallet/licences/{licence.uuid}/uses/")
    assert looks.count() == 2
    wednesday.shift(timedelta(hours=1, seconds=1))
    open_it()
    assert looks.count() == 3


def test_card_when_it_waits_for_its_file_then_no_face_and_no_files(hands: Hands) -> None:
    owner = person("谢洋")
    licence = hands.applications.issued()
    licence.holder_links.update(holder=owner)
    client = holder_client(owner)
    page = client.get(f"/wallet/licences/{licence.uuid}/").content.decode()
    assert "正在制证，还没有生效" in page
    assert "face.svg" not in page
    assert "OFD 原件" not in page
    assert client.get(f"/wallet/licences/{licence.uuid}/face.svg").status_code == 404


@pytest.mark.parametrize(
    ("state", "said"),
    [("REVOKED", "这份证照已经不能用了"), ("DETAINED", "证照被暂扣，现在不能用")],
)
def test_card_when_not_usable_then_says_so_and_shows_its_face(
    hands: Hands, state: str, said: str
) -> None:
    owner = person("谢洋")
    licence = hands.licence(owner, state=state)
    page = holder_client(owner).get(f"/wallet/licences/{licence.uuid}/").content.decode()
    assert said in page
    assert "face.svg" in page
    assert "/wallet/show/?licence" not in page


def test_card_when_marked_then_the_chips_are_there(hands: Hands) -> None:
    owner = person("谢洋")
    licence = hands.licence(owner)
    LicenceMark.objects.create(
        licence=licence, kind="OBJECTED", detail="经营场所", since=clock.now()
    )
    client = holder_client(owner)
    assert "有异议：经营场所" in client.get("/wallet/").content.decode()
    assert "有异议：经营场所" in client.get(f"/wallet/licences/{licence.uuid}/").content.decode()


@pytest.mark.article("P.2.3.3")
def test_switch_when_turned_off_then_open_codes_read_no_more_and_new_ones_are_refused(
    hands: Hands, cast: Cast
) -> None:
    owner = person("谢洋")
    licence = hands.licence(owner)
    actor = holder_actor(owner)
    row = presentations.present(actor=actor, chosen=[Chosen(licence, [])])
    code = presentations.current_code(actor=actor, presentation=row)
    assert code is not None
    client = holder_client(owner)
    path = f"/wallet/licences/{licence.uuid}/"
    assert "会发生什么" in client.get(f"{path}switch-off/").content.decode()
    assert client.post(f"{path}switch-off/")["Location"] == path
    understood = codes.understand(code.code.secret, PORTAL)
    got = redemption.read_code(actor=cast.actor("power.verifier"), understood=understood)
    assert got.outcome is Outcome.SWITCHED_OFF
    with pytest.raises(RuleBroken, match="您关闭了"):
        presentations.present(actor=actor, chosen=[Chosen(licence, [])])
    assert client.post(f"{path}switch-off/").status_code == 422
    assert client.post(f"{path}switch-on/").status_code == 302
    assert client.post(f"{path}switch-on/").status_code == 422
    assert presentations.present(actor=actor, chosen=[Chosen(licence, [])]).state == "OPEN"
    told = of_subject("licence", str(licence.uuid)).filter(
        action__startswith="presentation_switched"
    )
    assert [one.action for one in told] == ["presentation_switched_on", "presentation_switched_off"]


@pytest.mark.article("P.2.3.3")
def test_switch_when_held_together_then_closed_for_oneself_only(hands: Hands) -> None:
    owner, wife = person("谢洋"), person("王秀兰")
    licence = hands.licence(owner, wife)
    switching.switch_off(actor=holder_actor(owner), licence=licence)
    chosen = [Chosen(licence, [])]
    assert presentations.present(actor=holder_actor(wife), chosen=chosen).state == "OPEN"
    page = holder_client(wife).get(f"/wallet/licences/{licence.uuid}/").content.decode()
    assert "您关闭了这份证照的亮证" not in page
    question = holder_client(wife).get(f"/wallet/licences/{licence.uuid}/switch-off/")
    assert "只关闭您这一方" in question.content.decode()


@pytest.mark.article("P.2.3.3")
def test_switch_when_an_agent_turns_it_then_for_the_one_they_act_for(hands: Hands) -> None:
    agent, house = person("张三"), firm("谢洋面馆")
    licence = hands.licence(house)
    client = holder_client(agent, mandate_of(agent, house))
    assert client.post(f"/wallet/licences/{licence.uuid}/switch-off/").status_code == 302
    assert PresentationOff.objects.get().holder == house

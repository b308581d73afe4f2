"""Every address of a licence in the wallet, as everybody meets it (M.20, M.26)."""

from datetime import date, timedelta

import pytest
from django.test import Client

from audit.trail.selectors import of_subject
from licences.models import Licence
from tests.cast import Cast
from tests.holders import holder_actor, holder_client, mandate_of
from tests.usage.wallet.scene import Hands, firm, in_days, person
from usage.models import PresentationOff, PurposeCopy
from usage.presenting import switching
from usage.wallet import copies, reading
from zezhou_portal.parties.models import Holder, Power
from zezhou_portal.regulation.errors import RuleBroken

LOOKS = ("", "face.svg", "changes/", "uses/", "copies/", "switch-off/", "switch-on/")
ASKED = {"preset": "租房", "purpose": "", "expires_on": ""}


class Row:
    """A licence of one person with a copy of it, and its addresses."""

    def __init__(self, hands: Hands, *holders: Holder) -> None:
        self.licence: Licence = hands.licence(*holders)
        self.copy: PurposeCopy = copies.make(
            actor=holder_actor(holders[0]),
            licence=self.licence,
            purpose="租房",
            expires_on=in_days(10),
        )
        self.base = f"/wallet/licences/{self.licence.uuid}/"

    def gets(self) -> list[str]:
        """What is looked at, one's own copy's page too."""
        return [*(self.base + one for one in LOOKS), f"{self.base}copies/{self.copy.uuid}/end/"]

    def posts(self) -> list[tuple[str, dict[str, str]]]:
        """What is done: taken, made, ended, switched."""
        asked = {**ASKED, "expires_on": in_days(5).isoformat()}
        return [
            (f"{self.base}file/", {}),
            (f"{self.base}copy/", {}),
            (f"{self.base}copies/", asked),
            (f"{self.base}copies/{self.copy.uuid}/", {}),
            (f"{self.base}copies/{self.copy.uuid}/end/", {}),
            (f"{self.base}switch-off/", {}),
        ]

    def untouched(self) -> bool:
        """Whether nothing but the first copy stands."""
        rows = PurposeCopy.objects.filter(licence=self.licence)
        whole = rows.count() == 1 and rows.filter(ended_at__isnull=True).exists()
        return whole and not PresentationOff.objects.filter(licence=self.licence).exists()

    def taken(self) -> int:
        """How often its file or a copy went out."""
        acts = ["file_downloaded", "copy_made", "purpose_copy_made", "purpose_copy_taken"]
        mine = of_subject("licence", str(self.licence.uuid)).filter(action__in=acts, outcome="done")
        return mine.count()


def statuses(client: Client, row: Row) -> tuple[set[int], set[int]]:
    """What everything that is looked at, and everything that is done, answers."""
    looked = {client.get(path).status_code for path in row.gets()}
    return looked, {client.post(path, data).status_code for path, data in row.posts()}


@pytest.mark.article("M.20")
def test_holder_when_it_is_theirs_then_everything(hands: Hands) -> None:
    owner = person("谢洋")
    row = Row(hands, owner)
    client = holder_client(owner)
    assert [client.get(path).status_code for path in row.gets()] == [200] * 8
    answers = [client.post(path, data).status_code for path, data in row.posts()]
    assert answers == [200, 200, 302, 200, 302, 302]
    assert not row.untouched()


@pytest.mark.article("M.26")
def test_neighbour_when_they_hold_the_same_kind_then_nothing_is_there(hands: Hands) -> None:
    owner, neighbour = person("谢洋"), person("邻居")
    row = Row(hands, owner)
    own = Row(hands, neighbour)
    before = row.taken()
    assert statuses(holder_client(neighbour), row) == ({404}, {404})
    mixed = f"{own.base}copies/{row.copy.uuid}/"
    client = holder_client(neighbour)
    assert (client.post(mixed).status_code, client.get(f"{mixed}end/").status_code) == (404, 404)
    assert row.untouched()
    assert row.taken() == before


@pytest.mark.article("M.20")
def test_co_holder_when_it_is_held_together_then_all_but_the_others_copies(hands: Hands) -> None:
    owner, wife = person("谢洋"), person("王秀兰")
    row = Row(hands, owner, wife)
    client = holder_client(wife)
    assert [client.get(f"{row.base}{one}").status_code for one in LOOKS] == [200] * 7
    other = f"{row.base}copies/{row.copy.uuid}/"
    assert (client.post(other).status_code, client.post(f"{other}end/").status_code) == (404, 404)
    assert "仅限租房使用" not in client.get(f"{row.base}copies/").content.decode()
    assert client.post(f"{row.base}file/").status_code == 200


@pytest.mark.article("M.20")
@pytest.mark.parametrize(
    ("powers", "done"),
    [
        ((Power.SEE, Power.SHOW, Power.COPY), [200, 200, 302, 200, 302, 302]),
        ((Power.SEE, Power.SHOW), [403, 403, 403, 403, 403, 302]),
        ((Power.SEE, Power.COPY), [200, 200, 302, 200, 302, 403]),
        ((Power.SEE,), [403] * 6),
    ],
)
def test_agent_when_they_hold_powers_then_those_alone(
    hands: Hands, powers: tuple[Power, ...], done: list[int]
) -> None:
    agent, house = person("张三"), firm("谢洋面馆")
    row = Row(hands, house)
    client = holder_client(agent, mandate_of(agent, house, powers=powers))
    assert [client.get(path).status_code for path in row.gets()] == [200] * 8
    assert [client.post(path, data).status_code for path, data in row.posts()] == done
    refused = of_subject("licence", str(row.licence.uuid)).using("refusals")
    assert refused.filter(outcome="refused").count() == done.count(403)


@pytest.mark.article("M.26")
@pytest.mark.parametrize("how", ["over", "ended", "another"])
def test_agent_when_their_time_is_over_then_nothing_is_there(hands: Hands, how: str) -> None:
    agent, house = person("张三"), firm("谢洋面馆")
    row = Row(hands, house)
    other = firm("别的公司")
    principal = other if how == "another" else house
    until: date | None = in_days(-1) if how == "over" else None
    mandate = mandate_of(agent, principal, until_on=until)
    if how == "ended":
        mandate.ended_at = row.copy.made_at - timedelta(seconds=1)
        mandate.save()
    assert statuses(holder_client(agent, mandate), row) == ({404}, {404})
    assert row.untouched()


@pytest.mark.article("M.26")
def test_staff_and_nobody_when_they_ask_then_led_to_the_holders_sign_in(
    hands: Hands, cast: Cast
) -> None:
    row = Row(hands, person("谢洋"))
    general = ["/wallet/", "/wallet/messages/", "/wallet/mine/"]
    for client in (Client(), cast.client("market.clerk"), cast.client("power.verifier")):
        for path in [*row.gets(), *general]:
            answer = client.get(path)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/sign-in/")
        for path, data in [*row.posts(), ("/wallet/stay/", {}), ("/wallet/messages/read/", {})]:
            answer = client.post(path, data)
            assert (answer.status_code, answer["Location"][:9]) == (302, "/sign-in/")
    assert row.untouched()


def test_verbs_when_asked_past_the_pages_then_refuse_a_neighbour(hands: Hands) -> None:
    row = Row(hands, person("谢洋"))
    neighbour = person("邻居")
    hands.licence(neighbour)
    actor = holder_actor(neighbour)
    for act in (
        lambda: reading.open_card(actor=actor, licence=row.licence),
        lambda: reading.take_file(actor=actor, licence=row.licence),
        lambda: reading.take_copy(actor=actor, licence=row.licence),
        lambda: copies.make(
            actor=actor, licence=row.licence, purpose="租房", expires_on=in_days(1)
        ),
        lambda: copies.take(actor=actor, copy=row.copy),
        lambda: copies.end(actor=actor, copy=row.copy),
        lambda: switching.switch_off(actor=actor, licence=row.licence),
        lambda: switching.switch_on(actor=actor, licence=row.licence),
    ):
        with pytest.raises(RuleBroken, match="没有找到这份证照"):
            act()
    assert row.untouched()

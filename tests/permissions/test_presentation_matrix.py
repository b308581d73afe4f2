"""Who finds a presentation: its presenter, and nobody else by any of its addresses (M.20, M.26)."""

from dataclasses import dataclass, field

import pytest
from django.test import Client

from licences.models import Licence, LicenceHolder
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory
from tests.holders import holder_actor, holder_client, mandate_of
from tests.usage.sealed import made
from usage.models import Presentation
from usage.presenting import presentations
from usage.presenting.presentations import Chosen
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.models import Holder

READS = ("", "code/", "status/")
ACTS = ("agree/", "decline/", "stop/", "again/")
OTHERS = ("co-holder", "principal", "other agent", "neighbour")
OUTSIDE = ("verifier", "clerk", "nobody")


@dataclass
class Scene:
    """An agent's presentation of a licence that two hold together, and everybody around it."""

    cast: Cast
    row: Presentation = field(init=False)
    clients: dict[str, Client] = field(init=False)

    def __post_init__(self) -> None:
        applications = Applications(self.cast)
        licence, other = made(applications.issued()), made(applications.issued())
        principal, neighbour = holder_of(licence), holder_of(other)
        second = HolderFactory(name="共同持证人")
        LicenceHolder.objects.create(licence=licence, holder=second, place=1)
        agent, idle = HolderFactory(name="经办人"), HolderFactory(name="另一个经办人")
        mandate = mandate_of(agent, principal)
        self.row = opened(holder_actor(agent, mandate), licence)
        opened(holder_actor(neighbour), other)
        self.clients = {
            "presenter": holder_client(agent, mandate),
            "presenter for themselves": holder_client(agent),
            "co-holder": holder_client(second),
            "principal": holder_client(principal),
            "other agent": holder_client(idle, mandate_of(idle, principal)),
            "neighbour": holder_client(neighbour),
            "verifier": self.cast.client("power.verifier"),
            "clerk": self.cast.client("market.clerk"),
            "nobody": Client(),
        }

    def address(self, step: str) -> str:
        """One of the presentation's addresses."""
        return f"/wallet/show/{self.row.uuid}/{step}"


def holder_of(licence: Licence) -> Holder:
    return Holder.objects.get(licence_links__licence=licence)


def opened(actor: Actor, licence: Licence) -> Presentation:
    return presentations.present(
        actor=actor, chosen=[Chosen(licence, ["purpose"])], asks_consent=True
    )


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """The presentation and the people."""
    return Scene(cast)


@pytest.mark.article("M.20", "M.26")
def test_presentation_when_read_then_by_its_presenter_alone(scene: Scene) -> None:
    for step in READS:
        address = scene.address(step)
        for who in ("presenter", "presenter for themselves"):
            assert scene.clients[who].get(address).status_code == 200, (who, step)
        for who in OTHERS:
            answer = scene.clients[who].get(address)
            assert answer.status_code == 404, (who, step)
            assert str(scene.row.uuid) not in answer.content.decode().replace(address, "")
        for who in OUTSIDE:
            answer = scene.clients[who].get(address)
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


@pytest.mark.article("M.20", "M.26")
def test_presentation_when_acted_on_by_anybody_else_then_nothing_changes(scene: Scene) -> None:
    Presentation.objects.filter(pk=scene.row.pk).update(state="ASKED")
    before = Presentation.objects.count()
    for step in ACTS:
        for who in OTHERS:
            assert scene.clients[who].post(scene.address(step)).status_code == 404, (who, step)
        for who in OUTSIDE:
            answer = scene.clients[who].post(scene.address(step))
            assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
        assert scene.clients["presenter"].get(scene.address(step)).status_code == 405
    scene.row.refresh_from_db()
    assert scene.row.state == "ASKED"
    assert Presentation.objects.count() == before


@pytest.mark.article("P.2.3.3")
@pytest.mark.parametrize(
    ("step", "state"), [("agree/", "AGREED"), ("decline/", "DECLINED"), ("stop/", "WITHDRAWN")]
)
def test_presentation_when_acted_on_by_its_presenter_then_done(
    scene: Scene, step: str, state: str
) -> None:
    Presentation.objects.filter(pk=scene.row.pk).update(state="ASKED")
    assert scene.clients["presenter"].post(scene.address(step)).status_code == 303
    scene.row.refresh_from_db()
    assert scene.row.state == state


@pytest.mark.article("M.20")
def test_presentation_when_its_presenter_acts_for_themselves_again_then_can_be_stopped(
    scene: Scene,
) -> None:
    own = scene.clients["presenter for themselves"]
    assert own.post(scene.address("stop/")).status_code == 303
    scene.row.refresh_from_db()
    assert scene.row.state == "WITHDRAWN"
    # what they showed for another is not theirs to show for themselves
    answer = own.post(scene.address("again/"))
    assert answer["Location"] == "/wallet/show/"
    assert Presentation.objects.filter(presenter=scene.row.presenter).count() == 1


@pytest.mark.article("M.20")
def test_choice_when_opened_then_by_holders_alone(scene: Scene) -> None:
    for who in ("presenter", *OTHERS):
        assert scene.clients[who].get("/wallet/show/").status_code == 200, who
    for who in OUTSIDE:
        answer = scene.clients[who].post("/wallet/show/")
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")

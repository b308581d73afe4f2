"""Departments, people and a stand-in city over HTTP."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.exchange import city as cityside
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.services.posting import post
from zezhou_portal.kernel import files
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.kernel.vault import make_keys
from zezhou_portal.parties.models import Department


@pytest.fixture(autouse=True)
def _keys(settings, tmp_path: Path) -> None:
    settings.PORTAL_KEYS = tmp_path / "keys"
    settings.PORTAL_FILES = tmp_path / "files"
    make_keys(tmp_path / "keys" / "data")
    settings.PORTAL_MESSAGE_COMPOSERS = {}  # messages here are about licences of no register


@pytest.fixture
def department(db: None) -> Department:
    return Department.objects.create(
        name="泽州县市场监督管理局", credit_code=cityside.ISSUER, kind="county",
        functions=["issuing"],
    )  # fmt: skip


@pytest.fixture
def neighbour(db: None) -> Department:
    return Department.objects.create(
        name="泽州县民政局", credit_code="11140525366258516D", kind="county", functions=["issuing"]
    )


@pytest.fixture(scope="session")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trust")


@pytest.fixture(scope="session")
def sealer(trust: Path) -> cityside.Sealer:
    return cityside.make_sealer(trust)


@pytest.fixture
def city(
    tmp_path: Path, trust: Path, sealer: cityside.Sealer, live_server, settings
) -> Iterator[cityside.StandIn]:
    """A stand-in that judges at once and posts its receipts to the test's own portal."""
    running = cityside.start(tmp_path, trust, live_server.url)
    settings.CITY_ADDRESS = running.address
    yield running
    running.stop()


@pytest.fixture
def issue(department: Department, sealer: cityside.Sealer) -> Callable[..., Outbound]:
    """Posts the message of a licence that was issued: `issue(1)`, `issue(1, version=2)`."""

    def make(
        serial: int, *, version: int = 1, topic: str = "licence_issued", zzbs: str = "", **changes
    ) -> Outbound:
        zzbs = zzbs or cityside.identifier(serial, version)
        digest = files.store(sealer.file(zzbs))
        subject = Subject("licence", f"licence-{serial}", f"食品经营许可证 {serial}")
        content = {"metadata": cityside.metadata(zzbs, **changes)}
        return post(topic, department, subject, version, content, digest)

    return make


@pytest.fixture
def tell(department: Department) -> Callable[..., Outbound]:
    """Posts a message without a file: `tell(1, "licence_detained", order=2)`."""

    def make(serial: int, topic: str, *, order: int, version: int = 1, **content) -> Outbound:
        subject = Subject("licence", f"licence-{serial}", f"食品经营许可证 {serial}")
        told = {"metadata": {"ZZBS": cityside.identifier(serial, version)}, **content}
        return post(topic, department, subject, order, told)

    return make

"""The scope that every list starts from: one's own department's rows, and the role for it (M.26)."""

import pytest

from licences.models import CatalogueEntry
from licences.register.visibility import (
    applications_visible_to,
    batches_visible_to,
    entries_visible_to,
    licences_visible_to,
)
from licences.stock import checking
from tests.cast import Cast
from tests.factories.catalogue import entry_of
from tests.factories.licences import FOOD, VETERAN, WATER, Applications
from zezhou_portal.kernel.actors import machine, public

pytestmark = pytest.mark.article("M.26")
SHEET = "行政相对人名称,许可编号,有效期至\n甲公司,取水1,2030-01-01\n".encode()


@pytest.fixture
def cast(db: None) -> Cast:
    """Two issuing departments, the bureau and their people."""
    return Cast()


def found(actor) -> list[list[str]]:
    """Kinds of the entries, departments of the applications, licences and sheets that an actor sees."""
    return [
        sorted(row.name for row in entries_visible_to(actor)),
        [row.issuing_department.name for row in applications_visible_to(actor)],
        [row.issuing_department.name for row in licences_visible_to(actor)],
        [row.issuing_department.name for row in batches_visible_to(actor)],
    ]


def test_rows_when_of_two_departments_then_each_sees_its_own_by_its_role(cast: Cast) -> None:
    market = Applications(cast, place="market")
    market.issued()
    entry_of(FOOD, cast.land)
    entry_of(VETERAN, cast.bureau, state="DRAFT")
    checking.take_in(
        actor=market.actor("clerk"), entry=market.entry, file_name="清单.csv", data=SHEET
    )
    own = cast.market.name
    assert found(cast.actor("market.clerk")) == [[WATER], [own], [own], [own]]
    # custody of the seal is no reason to read the register
    assert found(cast.actor("market.custodian")) == [[WATER], [own], [], [own]]
    assert found(cast.actor("land.clerk")) == [[FOOD], [], [], []]
    assert found(cast.actor("bureau.compiler")) == [[VETERAN], [], [], []]
    # whoever publishes reads every department's entries, and nothing else of theirs
    everything = sorted([WATER, FOOD, VETERAN])
    assert found(cast.actor("bureau.administrator")) == [everything, [], [], []]
    assert found(cast.actor("bureau.supervisor")) == [[VETERAN], [], [], []]
    assert CatalogueEntry.objects.count() == 3


@pytest.mark.parametrize("actor", [public(), machine("sweep")], ids=["public", "machine"])
def test_rows_when_nobody_s_department_asks_then_none(cast: Cast, actor) -> None:
    Applications(cast).issued()
    assert found(actor) == [[], [], [], []]

"""M.5: the bureau checks and publishes what departments compile; nobody publishes their own."""

import pytest

from licences.catalogue import services as catalogue
from tests.articles.test_measures_06_catalogue import written
from tests.factories.parties import PostingFactory
from tests.records import outcomes
from zezhou_portal.parties.models import Notification, Role
from zezhou_portal.parties.staff.rules import check_role_fits
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = pytest.mark.article("M.5")


@pytest.fixture
def submitted(cast):
    """An entry that the market office has compiled and sent to the bureau."""
    compiler = cast.actor("market.compiler")
    entry = catalogue.compile_entry(
        actor=compiler, department=cast.market, type_code="1114052529141777X1005", written=written()
    )
    return catalogue.submit_entry(actor=compiler, entry=entry)


def test_entry_when_the_bureau_publishes_then_stands(cast, submitted) -> None:
    entry = catalogue.publish_entry(actor=cast.actor("bureau.administrator"), entry=submitted)
    assert entry.state == "PUBLISHED"
    assert outcomes("entry_published") == [("done", f"取水许可证第 1 版（{cast.market.name}）")]


def test_entry_when_the_department_itself_would_publish_then_refused(cast, submitted) -> None:
    with pytest.raises(NotPermitted):
        catalogue.publish_entry(actor=cast.actor("market.compiler"), entry=submitted)
    submitted.refresh_from_db()
    assert submitted.state == "SUBMITTED"
    assert [outcome for outcome, _ in outcomes("entry_published")] == ["refused"]


def test_entry_when_its_compiler_would_publish_it_for_the_bureau_then_refused(cast) -> None:
    PostingFactory(
        account=cast.account("bureau.administrator"),
        department=cast.bureau,
        role=Role.CATALOGUE_COMPILER.value,
    )
    both = cast.actor("bureau.administrator")
    entry = catalogue.compile_entry(
        actor=both, department=cast.bureau, type_code="1114052529141777X1005", written=written()
    )
    entry = catalogue.submit_entry(actor=both, entry=entry)
    with pytest.raises(RuleBroken) as refusal:
        catalogue.publish_entry(actor=both, entry=entry)
    assert (refusal.value.article, refusal.value.reason) == (
        "M.5",
        "这一版是您编制的，要由别人核对后公布。",
    )


def test_entry_when_sent_back_then_with_remarks_and_the_compiler_is_told(cast, submitted) -> None:
    bureau = cast.actor("bureau.administrator")
    with pytest.raises(RuleBroken):
        catalogue.send_back_entry(actor=bureau, entry=submitted, remarks=" ")
    entry = catalogue.send_back_entry(actor=bureau, entry=submitted, remarks="取水地点的长度太短")
    assert (entry.state, entry.remarks) == ("DRAFT", "取水地点的长度太短")
    told = Notification.objects.get(account=cast.account("market.compiler"))
    assert (told.title, told.is_urgent) == ("取水许可证的目录被退回", True)


def test_bureau_roles_when_given_elsewhere_then_refused() -> None:
    for role in (Role.BUREAU_ADMINISTRATOR, Role.BUREAU_SUPERVISOR, Role.AUDITOR):
        with pytest.raises(RuleBroken) as refusal:
            check_role_fits(role.value, ["issuing", "using"])
        assert refusal.value.article == "M.5"

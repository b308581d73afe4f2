"""Two departments for the clocks."""

import pytest

from zezhou_portal.parties.models import Department


@pytest.fixture
def department(db: None) -> Department:
    return Department.objects.create(
        name="泽州县市场监督管理局", credit_code="11140525631706691G", kind="county",
        functions=["issuing"],
    )  # fmt: skip


@pytest.fixture
def neighbour(db: None) -> Department:
    return Department.objects.create(
        name="泽州县民政局", credit_code="11140525366258516D", kind="county", functions=["issuing"]
    )

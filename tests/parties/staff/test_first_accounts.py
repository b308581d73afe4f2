"""The first accounts of an empty installation, and never again (M.25)."""

import io

import pytest
from django.core.management import CommandError, call_command

from audit.trail.models import Record
from zezhou_portal.parties.models import Account, Department, Posting

ASKED = {
    "bureau": "泽州县行政审批服务管理局",
    "code": "1114052529141777X1",
    "people": ["孔令辉", "曹瑞芳", "严守正", "华明远"],
}


@pytest.mark.django_db
def test_first_accounts_are_opened_once_with_a_password_each() -> None:
    call_command("open_first_accounts", **ASKED, stdout=io.StringIO())
    assert not Department.objects.exists()
    told = io.StringIO()
    call_command("open_first_accounts", **ASKED, commit=True, stdout=told)
    assert Posting.objects.count() == 4
    account = Account.objects.get(name="孔令辉")
    (line,) = [line for line in told.getvalue().splitlines() if "孔令辉" in line]
    assert account.check_password(line.rsplit(" ", 1)[1])
    assert account.must_change_password
    assert Record.objects.filter(action="account_opened").count() == 4
    with pytest.raises(CommandError, match="已经有账号了"):
        call_command("open_first_accounts", **ASKED, commit=True)
    assert Account.objects.count() == 4

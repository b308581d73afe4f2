"""Asking before an act: the consequences first, then a yes; a form that is wrong asks again."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from tests.cast import Cast
from zezhou_portal.pagekit.views import carried_values
from zezhou_portal.parties.staff.pages.forms import DepartmentForm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def test_question_when_asked_then_nothing_is_done_before_the_yes(cast: Cast) -> None:
    client = cast.client("bureau.system")
    account = cast.account("market.clerk")
    address = reverse("parties:close-account", args=[account.uuid])
    page = client.get(address).content.decode()
    for words in ("停用后不能恢复", "zz-confirm-stop", ">停用</button>", "不办，返回"):
        assert words in page
    account.refresh_from_db()
    assert account.is_active
    assert client.post(address, {"confirmed": "yes"}).status_code == 302
    account.refresh_from_db()
    assert not account.is_active
    again = client.post(address)
    assert again.status_code == 422
    assert "什么也没有改动" in again.content.decode()


def test_values_when_carried_then_as_they_were_sent_and_no_others() -> None:
    sent = QueryDict(
        "name=甲&functions=using&functions=issuing&csrfmiddlewaretoken=x&confirmed=yes"
    )
    form = DepartmentForm(sent)
    assert carried_values(form) == [
        ("name", "甲"),
        ("functions", "using"),
        ("functions", "issuing"),
    ]

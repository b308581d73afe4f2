"""A null character, which no column can hold, never reaches a verb, a search or a record."""

import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.factories.licences import Applications
from tests.records import records
from zezhou_portal.parties.models import Holder

pytestmark = pytest.mark.usefixtures("wednesday")


def test_form_when_typed_with_nulls_then_kept_without(cast: Cast) -> None:
    typed = {
        "kind": "natural_person", "name": "张\0三", "known_by": "none", "no_number_reason": "新\0生儿",
    }  # fmt: skip
    client = cast.client("market.clerk")
    answer = client.post(reverse("parties:enter-holder"), typed)
    assert answer.status_code == 302, answer.content.decode()
    assert Holder.objects.get(name="张三").no_number_reason == "新生儿"
    assert len(records("holder_entered")) == 1


def test_query_when_it_holds_nulls_then_searched_without(cast: Cast) -> None:
    Applications(cast)
    client = cast.client("market.clerk")
    for address in ("/register/?q=%00", "/capture/?q=a%00b", "/catalogue/?q=%E6%B0%B4%00"):
        assert client.get(address).status_code == 200
    assert client.get("/catalogue/%00/").status_code == 404
    # whatever is not to be seen has one and the same answer
    for address in ("/V/%00/%00", "/V/0/0"):
        assert client.get(address).status_code == 200

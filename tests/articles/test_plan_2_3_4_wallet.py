"""P.2.3.4, M.20: a holder sees, takes and shows what is theirs, and sees who looked."""

import pytest

from tests.cast import Cast
from tests.holders import holder_actor, holder_client
from tests.usage.wallet.scene import Hands, in_days, person
from usage.models import PurposeCopy
from usage.verifying import services
from usage.verifying.outcomes import Outcome
from usage.wallet import copies
from zezhou_portal.kernel.actors import public


@pytest.mark.article("M.20")
@pytest.mark.article("P.2.3.4")
def test_holder_when_they_give_a_landlord_a_copy_then_it_is_checked_and_they_see_the_check(
    cast: Cast,
) -> None:
    owner = person("谢洋")
    licence = Hands(cast).licence(owner)
    client = holder_client(owner)
    assert licence.number in client.get("/wallet/").content.decode()
    path = f"/wallet/licences/{licence.uuid}/"
    form = {"preset": "租房", "purpose": "", "expires_on": in_days(30).isoformat()}
    client.post(f"{path}copies/", form)
    copy = PurposeCopy.objects.get()
    assert client.post(f"{path}copies/{copy.uuid}/").content.startswith(b"%PDF")
    assert services.check_copy(actor=public("test"), code=copy.code).outcome is Outcome.VALID
    told = client.get(f"{path}uses/").context["events"]
    assert (told[1].what, told[1].who) == ("查验证照", "没有登录的人")
    assert told[1].details[0] == "方式：加注件上的二维码"
    copies.end(actor=holder_actor(owner), copy=copy)
    assert services.check_copy(actor=public("test"), code=copy.code).outcome is Outcome.COPY_EXPIRED

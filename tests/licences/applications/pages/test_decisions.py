"""Decisions on the page: each kind asks first and says what it does, then does that (M.7)."""

import pytest
from django.urls import reverse

from licences.models import Application, Licence
from tests.factories.seals import seal_of
from tests.licences.applications.pages.test_judging import at, decision
from zezhou_portal.parties.models import Notification

pytestmark = [pytest.mark.usefixtures("wednesday"), pytest.mark.article("M.7")]
REASONS = "取水量没有依据"


def state_of(application: Application) -> str:
    return Application.objects.get(pk=application.pk).state


@pytest.mark.parametrize(
    ("name", "who", "which", "question", "state", "said"),
    [
        ("review", "reviewer", "send_back", "退回这一件？", "RETURNED", "已退回补正"),
        ("review", "reviewer", "refuse", "不予通过这一件？", "REFUSED", "不予通过"),
        ("sign-off", "signatory", "send_back", "退回这一件？", "RETURNED", "已退回补正"),
        ("sign-off", "signatory", "refuse", "不予通过这一件？", "REFUSED", "不予通过"),
    ],
)
def test_decision_when_against_the_application_then_asked_and_the_clerk_is_told_why(
    cast, applications, name, who, which, question, state, said
) -> None:
    application = applications.submitted() if name == "review" else applications.approved()
    before = application.state
    client = cast.client(f"market.{who}")
    chosen = decision(application, which, reasons=REASONS)
    asked = client.post(at(name, application), chosen).content.decode()
    assert question in asked
    assert state_of(application) == before
    done = client.post(at(name, application), {**chosen, "confirmed": "yes"}, follow=True)
    assert f"{application.number} {said}" in done.content.decode()
    assert done.redirect_chain == [(reverse(f"licences:{name}-queue"), 302)]
    assert state_of(application) == state
    told = Notification.objects.get(account=cast.account("market.clerk"))
    assert (told.body, told.is_urgent) == (f"取水许可证：{REASONS}", state == "RETURNED")
    assert Licence.objects.count() == 0


def test_result_when_nothing_is_signed_off_yet_then_back_to_the_application(
    cast, applications
) -> None:
    application = applications.approved()
    answer = cast.client("market.signatory").get(at("sign-off-result", application))
    assert answer["Location"] == at("application", application)
    batch = cast.client("market.signatory").get(reverse("licences:sign-off-batch"))
    assert batch["Location"] == reverse("licences:sign-off-queue")


def test_preview_when_concluded_or_undrawable_then_not_found_and_the_check_says_why(
    cast, applications
) -> None:
    seal_of(cast.market)
    client = cast.client("market.signatory")
    concluded = applications.issued().application
    assert client.get(at("preview", concluded)).status_code == 404
    application = applications.approved()
    assert client.get(at("preview", application)).status_code == 200
    row = Application.objects.get(pk=application.pk)
    row.values["purpose"]["value"] = "用途\U000e0001"
    row.save(update_fields=["values"])
    assert client.get(at("preview", application)).status_code == 404
    assert "照面画不出来：" in client.get(at("sign-off", application)).content.decode()
    confirmed = client.post(
        at("sign-off", application), decision(application, "issue", confirmed="yes")
    )
    assert confirmed.status_code == 422
    assert state_of(application) == "APPROVED"

"""What the portal says when a part of the machine does not answer: never half done, never open."""

import pytest
from celery import Celery
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.trail.models import Record
from licences.applications import capturing, receiving
from licences.models import Attachment
from tests.cast import Cast
from tests.factories.licences import Applications
from zezhou_portal.kernel import files
from zezhou_portal.parties.staff import signing_in
from zezhou_portal.regulation.errors import RuleBroken

pytestmark = pytest.mark.usefixtures("wednesday")


@pytest.fixture
def no_redis(settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }


@pytest.mark.usefixtures("no_redis")
@pytest.mark.parametrize("username", ["nobody.at.all", "market.clerk"])
def test_log_in_when_the_cache_is_down_then_strangers_hear_what_everybody_hears(
    cast: Cast, username: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        signing_in.check_password(username=username, password="wrong")
    assert refusal.value.reason == signing_in.WRONG
    answer = Client().post(reverse("parties:log-in"), {"username": username, "password": "x"})
    assert answer.status_code == 422


@pytest.mark.article("M.25")
def test_attach_when_the_disk_is_full_then_nothing_is_half_done(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    applications = Applications(cast)
    application = applications.received()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        capturing.attach(
            actor=applications.actor("clerk"), application=application, title="", file_name="a.pdf",
            data=b"%PDF-full disk",
        )  # fmt: skip
    application.refresh_from_db()
    assert (application.state, application.revision, Attachment.objects.count()) == (
        "RECEIVED",
        1,
        0,
    )
    folder = files.path_of(files.digest(b"%PDF-full disk")).parent
    assert not [one.name for one in folder.iterdir() if one.name.startswith(".new-")]
    failed = Record.objects.using("refusals").get(action="file_attached")
    assert (failed.outcome, failed.reason) == ("failed", "OSError")


def test_document_when_its_file_is_gone_then_a_sentence_and_no_failure(cast: Cast) -> None:
    applications = Applications(cast)
    application = applications.received()
    file = capturing.attach(
        actor=applications.actor("clerk"), application=application, title="", file_name="a.pdf",
        data=b"%PDF-gone",
    )  # fmt: skip
    files.erase(file.digest)
    answer = cast.client("market.clerk").get(
        reverse("licences:attachment", args=[application.uuid, file.uuid])
    )
    assert answer.status_code == 409
    assert "存着的文件不见了或与入库时不一致" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broker", ["redis://127.0.0.1:1/0", "redis+socket:///nowhere/redis.sock"])
def test_verb_when_the_broker_is_down_then_done_at_once_all_the_same(broker: str) -> None:
    from zezhou_portal.celery import app

    before, options = app.conf.broker_write_url, app.conf.broker_transport_options
    with Celery("test", broker=broker, set_as_current=True) as away:
        away.conf.broker_transport_options = options
        licence = Applications(Cast()).issued()
        app.set_current()
    assert before != broker
    assert licence.state == "AWAITING_FILE"
    assert Record.objects.filter(action="licence_issued", outcome="done").count() == 2


def test_erasing_when_the_file_is_gone_already_then_done(cast: Cast) -> None:
    applications = Applications(cast)
    application = applications.received()
    file = capturing.attach(
        actor=applications.actor("clerk"), application=application, title="", file_name="a.pdf",
        data=b"%PDF-twice",
    )  # fmt: skip
    files.erase(file.digest)
    receiving.declare_secret(actor=applications.actor("clerk"), application=application)
    application.refresh_from_db()
    assert application.state == "ERASED"
    assert connection.in_atomic_block

"""A dispatcher that is killed half-way: nothing is lost, nothing is held twice (M.8)."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from audit.trail.models import Record
from tests.exchange import city as cityside
from tests.exchange.city import until
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.services import dispatching
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.locks import lock_in_order

pytestmark = pytest.mark.django_db(transaction=True)
WORK = (
    "import django; django.setup();"
    "from zezhou_portal.exchange.services import dispatching; dispatching.dispatch()"
)


def address() -> str:
    """The test database as DATABASE_URL writes it."""
    told = connection.get_connection_params()
    who = f"{quote(told.get('user', ''))}:{quote(told.get('password', ''))}"
    port = told.get("port", "")
    place = f"localhost:{port}" if port else "localhost"
    return f"postgresql://{who}@{place}/{told['dbname']}?host={quote(told.get('host', ''), '')}"


def worker(city: cityside.StandIn, settings) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WORK],
        cwd=cityside.ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "zezhou_portal.settings.development",
            "DATABASE_URL": address(),
            "PORTAL_KEYS": str(settings.PORTAL_KEYS),
            "PORTAL_FILES": str(settings.PORTAL_FILES),
            "CITY_ADDRESS": city.address,
            "CITY_SHARED_SECRET": cityside.SECRET,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("taken_before", [1, 30, 75])
def test_a_killed_dispatcher_loses_nothing_and_doubles_nothing(
    city, issue, settings, taken_before, tmp_path: Path
):
    messages = [issue(serial) for serial in range(120)]
    process = worker(city, settings)
    until(lambda: city.get("/counts")["messages"] >= taken_before)
    process.kill()
    assert process.wait() == -9
    # What the dead worker held is due once its lease has ended.
    past = clock.now() - timedelta(seconds=1)
    # In the portal's own order: a statement of the dead one may still run in the database.
    with lock_in_order(Outbound.objects.filter(leased_until__isnull=False)) as held_by_it:
        Outbound.objects.filter(pk__in=[one.pk for one in held_by_it]).update(leased_until=past)
    dispatching.dispatch()
    until(lambda: Outbound.objects.filter(state="ACCEPTED").count() == 120)
    assert city.get("/counts")["messages"] == 120
    held = {one: digest for one, (_, digest, _) in city.held().items()}
    assert held == {
        cityside.identifier(serial): message.file_digest for serial, message in enumerate(messages)
    }
    accepted = Record.objects.filter(action="message_accepted").values_list("facts", flat=True)
    assert len({facts["message"] for facts in accepted}) == len(accepted) == 120

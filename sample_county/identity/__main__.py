"""python -m sample_county.identity --port N --portal URL --people FILE"""

import argparse
import logging
import os
import signal
import sys
from pathlib import Path
from threading import Thread

from sample_county.identity.environment import named_in_environment
from sample_county.identity.page import NAME
from sample_county.identity.people import ways
from sample_county.identity.server import Counter
from zezhou_portal.settings import identity

log = logging.getLogger("identity_stand_in")
_PEOPLE = Path(__file__).resolve().parent.parent.parent / "sample_county" / "holders.json"


def main() -> int:
    """Serves until it is told to stop."""
    options = _options()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    # the same names that the portal reads, and the same values where nothing is set
    agreed = identity.providers({**named_in_environment("http://127.0.0.1"), **_given()})["sample"]
    counter = Counter(
        (options.host, options.port),
        ways=ways(Path(options.people)),
        portal=options.portal,
        application=agreed.application,
        secret=agreed.secret,
    )

    def leave(*_: object) -> None:
        Thread(target=counter.shutdown).start()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    log.info("serving name=%s port=%s", NAME, counter.server_port)
    counter.serve_forever(poll_interval=0.1)
    counter.server_close()
    return 0


def _given() -> dict[str, str]:
    start = "PORTAL_IDENTITY_SAMPLE_"
    return {name: value for name, value in os.environ.items() if name.startswith(start)}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="identity_stand_in", description=NAME)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8091)
    parser.add_argument(
        "--portal", default="http://127.0.0.1:8000", help="the only address it returns people to"
    )
    parser.add_argument("--people", default=str(_PEOPLE), help="the file of sample holders")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

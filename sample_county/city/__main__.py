"""python -m sample_county.city --port N --store FILE --portal URL --trust FOLDER"""

import argparse
import logging
import signal
import sys
from pathlib import Path
from threading import Event, Thread

from sample_county.city.conduct import Conduct
from sample_county.city.judging import Judge
from sample_county.city.server import NAME, Counter
from sample_county.city.store import Store
from sample_county.city.trust import TrustFolder
from sample_county.city.working import deliver_all, judge_all
from zezhou_portal.settings import env

log = logging.getLogger("city_stand_in")


def main() -> int:
    """Serves until it is told to stop; 2 where the shared secret is missing."""
    options = _options()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    secret = env.secret("CITY_SHARED_SECRET", "")
    if not secret:
        log.error("CITY_SHARED_SECRET is not set")
        return 2
    store = Store(Path(options.store))
    conduct = Conduct(delay=options.delay, repeat_every=options.repeat_every)
    judge = Judge(trust=TrustFolder(Path(options.trust)), held=store.held)
    stop = Event()
    counter = Counter((options.host, options.port), store, conduct, secret)
    hands = [
        Thread(target=judge_all, args=(store, judge, conduct, stop), name="judge"),
        Thread(
            target=deliver_all, args=(store, conduct, options.portal, secret, stop), name="deliver"
        ),
    ]

    def leave(*_: object) -> None:
        stop.set()
        Thread(target=counter.shutdown).start()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    for hand in hands:
        hand.start()
    log.info("serving name=%s port=%s", NAME, counter.server_port)
    counter.serve_forever(poll_interval=0.1)
    stop.set()
    for hand in hands:
        hand.join()
    counter.server_close()
    store.close()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="city_stand_in", description=NAME)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--store", required=True, help="the SQLite file it remembers in")
    parser.add_argument("--portal", required=True, help="where receipts are posted to")
    parser.add_argument(
        "--trust", required=True, help="folder with roots/, intermediates/ and crls/"
    )
    parser.add_argument("--delay", type=float, default=0.2, help="seconds before it judges")
    parser.add_argument(
        "--repeat-every", type=int, default=7, help="every so many receipts come twice; 0: never"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

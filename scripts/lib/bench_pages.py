"""Pages a second through the whole stack of middleware, in one process without a server."""

from functools import partial

from django.test import Client

from scripts.lib.bench_clock import per_second

_PAGES = {"home": "/", "catalogue": "/catalogue/"}
_BARE = "/healthz"


def measure() -> dict[str, float]:
    """Public pages beside the barest view there is, which asks nothing of the database."""
    client = Client(headers={"host": "localhost"})

    def get(path: str) -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answers {answer.status_code}")

    figures = {"bare_view_per_second": per_second(lambda: get(_BARE))}
    for name, path in _PAGES.items():
        figures[f"{name}_pages_per_second"] = per_second(partial(get, path))
    return figures

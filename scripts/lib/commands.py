"""How each of the portal's processes is started: the same words for demo, tests and compose."""

from collections.abc import Sequence
from pathlib import Path

# What the worker listens to; a test compares it with the queues of the timetable.
WORKER_QUEUES = ("produce", "exchange", "clocks")
# How many processes work off each.
_PROCESSES = {"produce": 2, "exchange": 2, "clocks": 1}


def workers_for(cores: int) -> int:
    """How many web workers a machine of the portal's own is given, as gunicorn advises.

    While one waits for the database another works.
    """
    return 2 * cores + 1


def web(python: str, *, port: int, workers: int = 2, host: str = "127.0.0.1") -> list[str]:
    """gunicorn with sync workers; its control socket would lie in somebody's home.

    `workers`: few, for a machine that the portal shares with its worker, tests or a demo. One
    starts anew after so many requests, in case it grows; that costs two seconds of a processor.
    """
    return [
        python, "-m", "gunicorn", "zezhou_portal.wsgi:application",
        "--bind", f"{host}:{port}", "--workers", str(workers), "--timeout", "60",
        "--graceful-timeout", "10", "--no-control-socket",
        "--max-requests", "50000", "--max-requests-jitter", "5000", "--log-level", "warning",
    ]  # fmt: skip


def worker(python: str, *, queues: Sequence[str] = WORKER_QUEUES, processes: int = 2) -> list[str]:
    """One Celery worker for some queues; all three where a machine runs no more than one."""
    return [
        python, "-m", "celery", "--app", "zezhou_portal", "worker",
        "--queues", ",".join(queues), "--concurrency", str(processes),
        "--without-gossip", "--without-mingle", "--loglevel", "INFO",
    ]  # fmt: skip


def workers(python: str) -> dict[str, list[str]]:
    """A worker for each queue: a city that drips holds up neither sealing nor the clocks."""
    return {
        f"worker-{queue}": worker(python, queues=[queue], processes=number)
        for queue, number in _PROCESSES.items()
    }


def beat(python: str, schedule: Path) -> list[str]:
    """The one process that reads the timetable; `schedule` remembers what was rung when."""
    return [
        python, "-m", "celery", "--app", "zezhou_portal", "beat",
        "--schedule", str(schedule), "--pidfile", "", "--loglevel", "WARNING",
    ]  # fmt: skip


def city(python: str, *, port: int, portal: str, store: Path, trust: Path) -> list[str]:
    """The stand-in of the city's platform: its own store, and the roots that it trusts."""
    return [
        python, "-m", "sample_county.city", "--port", str(port),
        "--store", str(store), "--portal", portal, "--trust", str(trust),
    ]  # fmt: skip


def identity(python: str, *, port: int, portal: str) -> list[str]:
    """The stand-in of the province's identity service: the sample holders to choose from."""
    return [
        python, "-m", "sample_county.identity", "--port", str(port), "--portal", portal,
    ]  # fmt: skip

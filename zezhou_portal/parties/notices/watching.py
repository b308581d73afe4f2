"""What somebody should look after before people notice: silence, waiting, space, clocks (M.25)."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import redis
import structlog
from django.conf import settings

from zezhou_portal.kernel import clock, right_time, signs
from zezhou_portal.kernel.queues import queues
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.regulation.actions import Action

log = structlog.get_logger(__name__)

CLOCK = "clock"
_WORDS_OF_SIGN = {
    signs.BEAT: "定时器",
    signs.worker("produce"): "制证的后台程序",
    signs.worker("exchange"): "与市平台往来的后台程序",
    signs.worker("clocks"): "管时限和到期的后台程序",
}
EXPECTED = tuple(_WORDS_OF_SIGN)


@dataclass(frozen=True)
class Alarm:
    """Something to look after: its code, and a sentence without figures, told once."""

    code: str
    sentence: str


def time_is_right() -> bool:
    """Whether this machine's clock may seal and let things end; if not, an alarm says so."""
    if right_time.is_right():
        return True
    _tell([_wrong_clock()])
    return False


def look() -> list[Alarm]:
    """Looks at everything that should be there and tells whoever keeps the portal running."""
    alarms = [*_silent(), *_waiting(), *_space()]
    if not right_time.is_right():
        alarms.append(_wrong_clock())
    _tell(alarms)
    return alarms


def free_bytes() -> dict[str, int]:
    """How much room is left where the portal writes."""
    places = {"files": Path(settings.PORTAL_FILES), "var": Path(settings.VAR_DIR)}
    return {name: shutil.disk_usage(path).free for name, path in places.items() if path.is_dir()}


def _wrong_clock() -> Alarm:
    return Alarm(
        CLOCK,
        "后台程序的机器时间和数据库相差超过规定，签章、到期和超期已暂停。请校准时间，校准后自动接着办。",
    )


def _silent() -> list[Alarm]:
    try:
        ages = signs.ages(EXPECTED)
    except redis.RedisError:
        return [Alarm("redis", "缓存服务器没有应答，后台的活每分钟才看一次。请检查 Redis。")]
    return [
        Alarm(name, f"{_WORDS_OF_SIGN[name]}两分钟没有动静。请检查它是不是在运行。")
        for name, age in ages.items()
        if signs.is_silent(age)
    ]


def _waiting() -> list[Alarm]:
    found = []
    for queue in queues():
        oldest = queue.oldest()
        if oldest and (clock.now() - oldest).total_seconds() > queue.patience:
            found.append(
                Alarm(queue.code, f"“{queue.words}”有排得太久还没有办的。请看后台程序是否正常。")
            )
    return found


def _space() -> list[Alarm]:
    least = settings.PORTAL_FREE_MEGABYTES * 1024 * 1024
    return [
        Alarm(f"space.{name}", "服务器磁盘快满了，满了就不能上传和制证。请马上腾出空间。")
        for name, free in free_bytes().items()
        if free < least
    ]


def _tell(alarms: Sequence[Alarm]) -> None:
    for alarm in alarms:
        log.error("alarm", kind=alarm.code)
        tell(
            action=Action.WORK_STALLED, title="后台运行有异常", body=alarm.sentence, link="/desk/",
            urgent=True, news=alarm.code, capability=Capability.KEEP_RUNNING,
        )  # fmt: skip

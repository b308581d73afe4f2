"""Each kind of message to the city: where it goes, what it tells, which article asks for it.

Every happening in a licence's life is a message of its own (M.8): one “abolish” for all
endings, as provincial platforms have it, would lose which of them it was.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """One kind of message; `meets` is the article whose clock the city's acceptance meets."""

    code: str
    words: str
    path: str
    article: str
    carries_file: bool = False
    meets: str = ""


def _told(code: str, words: str, verb: str) -> Topic:
    return Topic(code, words, f"/v1/licences/{verb}", "M.8")


_ALL = (
    Topic("licence_issued", "签发", "/v1/licences/issued", "M.9", carries_file=True, meets="M.9"),
    Topic(
        "stock_licence", "存量证照", "/v1/licences/stock", "M.10", carries_file=True, meets="M.9"
    ),
    Topic("licence_altered", "变更", "/v1/licences/altered", "M.8", carries_file=True, meets="M.9"),
    Topic(
        "licence_extended", "延期", "/v1/licences/extended", "M.8", carries_file=True, meets="M.9"
    ),
    _told("licence_detained", "暂扣", "detained"),
    _told("licence_released", "发还", "released"),
    _told("licence_expired", "有效期届满", "expired"),
    _told("licence_cancelled", "注销", "cancelled"),
    _told("licence_revoked", "吊销", "revoked"),
    _told("licence_annulled", "废止", "annulled"),
    _told("licence_marked", "加注标注", "marked"),
    _told("licence_unmarked", "取消标注", "unmarked"),
)
TOPICS = {topic.code: topic for topic in _ALL}

# The verb of the licence's state table -> the message that tells of it. A stock licence enters
# into force too, but is told under M.10.
BY_VERB = {
    "enter_into_force": TOPICS["licence_issued"],
    "alter": TOPICS["licence_altered"],
    "extend": TOPICS["licence_extended"],
    "detain": TOPICS["licence_detained"],
    "release": TOPICS["licence_released"],
    "expire": TOPICS["licence_expired"],
    "cancel": TOPICS["licence_cancelled"],
    "revoke": TOPICS["licence_revoked"],
    "annul": TOPICS["licence_annulled"],
}


def topic_of(code: str) -> Topic:
    """The topic by its code; KeyError for one that does not exist."""
    return TOPICS[code]

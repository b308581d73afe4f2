"""Topics, intervals and the envelope: pure parts."""

from datetime import UTC, datetime, timedelta

import pytest

from licences.lifecycle import LICENCE
from sample_county.city.judging import PATHS
from zezhou_portal.exchange.city import envelope
from zezhou_portal.exchange.retry import ask_after, wait_after
from zezhou_portal.exchange.topics import BY_VERB, TOPICS, topic_of
from zezhou_portal.regulation.articles import ARTICLES

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


@pytest.mark.article("M.8")
@pytest.mark.parametrize("verb", sorted(LICENCE.moves))
def test_every_move_of_a_licence_has_a_message_of_its_own(verb):
    topic = BY_VERB[verb]
    assert topic_of(topic.code) is topic
    assert [one for one, other in BY_VERB.items() if other is topic] == [verb]


@pytest.mark.article("M.8")
@pytest.mark.parametrize(
    ("code", "path", "article", "carries_file", "meets"),
    [
        ("licence_issued", "/v1/licences/issued", "M.9", True, "M.9"),
        ("stock_licence", "/v1/licences/stock", "M.10", True, "M.9"),
        ("licence_altered", "/v1/licences/altered", "M.8", True, "M.9"),
        ("licence_extended", "/v1/licences/extended", "M.8", True, "M.9"),
        ("licence_detained", "/v1/licences/detained", "M.8", False, ""),
        ("licence_released", "/v1/licences/released", "M.8", False, ""),
        ("licence_expired", "/v1/licences/expired", "M.8", False, ""),
        ("licence_cancelled", "/v1/licences/cancelled", "M.8", False, ""),
        ("licence_revoked", "/v1/licences/revoked", "M.8", False, ""),
        ("licence_annulled", "/v1/licences/annulled", "M.8", False, ""),
        ("licence_marked", "/v1/licences/marked", "M.8", False, ""),
        ("licence_unmarked", "/v1/licences/unmarked", "M.8", False, ""),
    ],
)
def test_each_kind_of_message_is_as_agreed(code, path, article, carries_file, meets):
    topic = TOPICS[code]
    assert (topic.path, topic.article) == (path, article)
    assert (topic.carries_file, topic.meets) == (carries_file, meets)
    assert topic.article in ARTICLES
    assert PATHS[path] == code


def test_no_topic_is_left_out_of_the_table_above():
    assert len(TOPICS) == 12
    assert set(PATHS.values()) == set(TOPICS)


def test_the_intervals_grow_and_then_end():
    minutes = [10 / 60, 1, 5, 20, 60, 240, 720, 1440]
    assert [wait_after(number) for number in range(1, 9)] == [
        timedelta(minutes=one) for one in minutes
    ]
    assert wait_after(9) is None
    with pytest.raises(ValueError, match="nothing was tried"):
        wait_after(0)


def test_asking_never_stops_but_grows_slow():
    assert ask_after(0) == timedelta(minutes=2)
    assert ask_after(4) == ask_after(400) == timedelta(hours=24)


def sealed(**changes):
    told = {"method": "POST", "path": "/v1/x", "key": "k", "body": b"{}", "moment": NOW, **changes}
    return envelope.seal("secret", **told)


SHARED = "secret"


def judge(headers, *, secret=SHARED, path="/v1/x", body=b"{}", now=NOW):
    return envelope.check(secret, method="POST", path=path, body=body, headers=headers, now=now)


def test_a_right_envelope_gives_its_key():
    assert judge(sealed()) == "k"
    assert judge(sealed(), now=NOW + timedelta(minutes=5)) == "k"
    assert judge(sealed(), now=NOW - timedelta(minutes=5)) == "k"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ({"secret": "other"}, "signature"),
        ({"path": "/v1/y"}, "signature"),
        ({"body": b"{ }"}, "digest"),
        ({"now": NOW + timedelta(minutes=5, seconds=1)}, "time"),
        ({"now": NOW - timedelta(minutes=5, seconds=1)}, "time"),
        ({"secret": ""}, "secret"),
    ],
)
def test_a_spoiled_envelope_is_refused_with_its_reason(spoil, code):
    with pytest.raises(envelope.BadEnvelope) as refusal:
        judge(sealed(), **spoil)
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith("。")


@pytest.mark.parametrize("name", [envelope.KEY, envelope.MOMENT, envelope.DIGEST])
def test_no_header_can_be_changed(name):
    headers = sealed()
    headers[name] = headers[name].replace("2", "3") if name != envelope.KEY else "other"
    if headers == sealed():
        headers[name] = "0" * 64
    with pytest.raises(envelope.BadEnvelope) as refusal:
        judge(headers)
    assert refusal.value.code == "signature"


@pytest.mark.parametrize(
    "name", [envelope.KEY, envelope.MOMENT, envelope.DIGEST, envelope.SIGNATURE]
)
def test_no_header_can_be_left_out(name):
    headers = sealed()
    del headers[name]
    with pytest.raises(envelope.BadEnvelope) as refusal:
        judge(headers)
    assert refusal.value.code == "incomplete"


def test_a_moment_without_a_zone_is_refused():
    headers = sealed()
    naive = "2026-11-18T02:00:00"
    code = envelope._code("secret", "POST", "/v1/x", naive, "k", headers[envelope.DIGEST])
    headers.update({envelope.MOMENT: naive, envelope.SIGNATURE: code})
    with pytest.raises(envelope.BadEnvelope) as refusal:
        judge(headers)
    assert refusal.value.code == "time"


def test_a_body_is_canonical():
    assert envelope.canonical({"b": 1, "a": ["证", None]}) == '{"a":["证",null],"b":1}'.encode()

"""The stand-in city by itself: what it takes, what it refuses, in which order (M.8)."""

import base64
import json
from collections.abc import Iterator

import httpx
import pytest

from tests.exchange import city as cityside
from tests.exchange.city import SECRET, identifier, metadata, until
from zezhou_portal.exchange.city import envelope
from zezhou_portal.exchange.city.port import Again, Never, Taken
from zezhou_portal.exchange.topics import TOPICS
from zezhou_portal.kernel import clock, files


@pytest.fixture(scope="module")
def alone(tmp_path_factory, trust, sealer) -> Iterator[cityside.StandIn]:
    """A stand-in whose portal does not answer: it judges and keeps its receipts."""
    folder = tmp_path_factory.mktemp("alone")
    running = cityside.start(folder, trust, "http://127.0.0.1:9")
    yield running
    running.stop()


@pytest.fixture
def tell(alone, sealer):
    """Sends one message and waits for the verdict: `tell("licence_issued", 1)` -> reason."""
    number = iter(range(1, 1000))

    def send(topic, serial, *, version=1, key="", zzbs="", body=None, file=None, **changes):
        zzbs = zzbs or identifier(serial, version)
        key = key or f"{topic}-{serial}-{version}-{next(number)}"
        content = {"metadata": metadata(zzbs, **changes)}
        if "marked" in topic:
            content["mark"] = {"kind": "LOST", "detail": ""}
        told = {"key": key, "topic": topic, "issuer": cityside.ISSUER, "content": content}
        if TOPICS[topic].carries_file:
            data = sealer.file(zzbs) if file is None else file
            told["file"] = {
                "digest": files.digest(data), "content": base64.b64encode(data).decode(),
            }  # fmt: skip
        with alone.line() as line:
            line.send(TOPICS[topic].path, key, {**told, **(body or {})})

            def verdict() -> Taken | None:
                answer = line.ask(key)
                return answer if answer and answer.verdict else None

            found = until(verdict)
        return found.reason if found.verdict == "refused" else "accepted"

    return send


def state(alone, serial, version=1):
    return alone.held().get(identifier(serial, version), (0, "", "not held"))[2]


@pytest.mark.article("M.8")
def test_a_mark_when_it_stands_for_two_years_then_each_is_taken_off_alone(alone, tell):
    def told(topic, year):
        content = {"metadata": metadata(identifier(71)), "mark": year}
        return tell(topic, 71, body={"content": content})

    first, second = ({"kind": "INSPECTED", "detail": year} for year in ("2025", "2026"))
    assert tell("licence_issued", 71) == "accepted"
    assert [told("licence_marked", one) for one in (first, second, second)] == ["accepted"] * 3
    assert told("licence_unmarked", first) == "accepted"
    for wrong in (None, "LOST", {"detail": "2025"}, {"kind": "", "detail": ""}):
        assert told("licence_marked", wrong) == "没有写明是哪一种标注。"


@pytest.mark.article("M.8")
def test_a_licence_s_life_is_followed(alone, tell):
    assert tell("licence_issued", 1) == "accepted"
    assert tell("licence_detained", 1) == "accepted"
    assert state(alone, 1) == "detained"
    assert tell("licence_released", 1) == "accepted"
    assert tell("licence_marked", 1) == "accepted"
    assert tell("licence_altered", 1, version=2) == "accepted"
    assert tell("licence_unmarked", 1, version=2) == "accepted"
    assert tell("licence_expired", 1, version=2) == "accepted"
    assert tell("licence_extended", 1, version=3) == "accepted"
    assert state(alone, 1, 3) == "in_force"
    assert tell("licence_revoked", 1, version=3) == "accepted"
    assert state(alone, 1, 3) == "revoked"
    assert tell("licence_altered", 1, version=4) == "这份证照已经终止，不能变更。"
    assert tell("licence_released", 1, version=3) == "这份证照在市平台的状态不允许这样变化。"


@pytest.mark.parametrize("topic", ["licence_cancelled", "licence_annulled"])
def test_the_other_endings(alone, tell, topic):
    serial = 10 + len(topic)
    assert tell("stock_licence", serial) == "accepted"
    assert tell(topic, serial) == "accepted"
    assert state(alone, serial) == topic.removeprefix("licence_")
    assert tell(topic, serial) == "accepted"  # told again, it is so already


def test_versions_come_one_after_the_other(tell):
    assert tell("licence_altered", 20, version=2) == "市平台没有这份证照，不能变更。"
    assert tell("licence_issued", 20, version=2) == "首次签发的证照应为第 1 版。"
    assert tell("licence_issued", 20) == "accepted"
    assert tell("licence_altered", 20, version=3) == "版本次序不对：市平台现有第 1 版。"
    assert tell("licence_detained", 20, version=2) == "版本次序不对：市平台现有第 1 版。"
    assert tell("licence_issued", 20) != "accepted"  # sealed anew: other bytes, same version
    assert tell("licence_detained", 21) == "市平台没有这份证照。"


def test_the_same_file_under_another_key_is_there_already(tell, sealer):
    data = sealer.file(identifier(30))
    assert tell("licence_issued", 30, file=data) == "accepted"
    assert tell("licence_issued", 30, file=data) == "accepted"


@pytest.mark.parametrize("name", sorted(metadata("x")))
def test_each_basic_element_is_asked_for(tell, name):
    wanted = dict(metadata(identifier(40)))
    del wanted[name]
    reason = tell("licence_issued", 40, body={"content": {"metadata": wanted}})
    assert reason.startswith("缺少")


@pytest.mark.parametrize(
    ("changes", "accepted"),
    [({"ZZYXQJZRQ": ""}, True), ({"ZZYXQJZRQ": "长期"}, True), ({"ZZMC": " "}, False)],
)
def test_a_licence_without_end_is_taken_and_one_without_name_is_not(tell, changes, accepted):
    serial = 50 + len(str(changes))
    assert (tell("licence_issued", serial, **changes) == "accepted") is accepted


def test_days_may_be_written_without_hyphens(tell):
    days = {"ZZBFRQ": "20261118", "ZZYXQQSRQ": "20261118", "ZZYXQJZRQ": "99991231"}
    assert tell("licence_issued", 61, **days) == "accepted"


def test_several_holders_are_taken(tell):
    several = {"CZZT": ["甲", "乙"], "CZZTDM": ["1", "2"], "CZZTDMLX": ["其他", "其他"]}
    assert tell("licence_issued", 60, **several) == "accepted"


@pytest.mark.parametrize(
    ("absent", "answer"),
    [
        ([], "必填项为空：持证主体代码。"),
        ([{"place": 2, "elements": ["CZZTDM", "CZZTDMLX"], "reason": "新生儿"}], "accepted"),
        ([{"place": 1, "elements": ["CZZTDM", "CZZTDMLX"], "reason": "新生儿"}],
         "必填项为空：持证主体代码。"),
        ([{"place": 2, "elements": ["CZZTDM"], "reason": "新生儿"}],
         "必填项为空：持证主体代码类型。"),
        ([{"place": 2, "elements": ["CZZTDM", "CZZTDMLX"], "reason": " "}], "缺项没有写明原因。"),
        (["CZZTDM"], "缺项说明的写法不对。"),
    ],
)  # fmt: skip
def test_a_holder_s_code_may_be_absent_where_the_message_says_why(tell, absent, answer):
    serial = 600 + sum(map(ord, str(absent))) % 97  # the stand-in is one for all
    holders = {"CZZT": ["甲", "乙"], "CZZTDM": ["1", ""], "CZZTDMLX": ["其他", ""]}
    told = {"metadata": metadata(identifier(serial), **holders), "absent": absent}
    assert tell("licence_issued", serial, body={"content": told}) == answer


def test_a_holder_s_name_is_never_absent(tell):
    absent = [{"place": 1, "elements": ["CZZT"], "reason": "没有名字"}]
    told = {"metadata": metadata(identifier(700), CZZT=""), "absent": absent}
    assert tell("licence_issued", 700, body={"content": told}) == "必填项为空：持证主体。"


def test_a_file_that_was_changed_in_one_byte_is_refused(tell, sealer):
    data = bytearray(sealer.file(identifier(70)))
    place = bytes(data).index(b"PhysicalBox") if b"PhysicalBox" in data else len(data) // 2
    data[place] ^= 1
    assert tell("licence_issued", 70, file=bytes(data)) != "accepted"


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "证照文件验不过："),
        (b"no zip at all", "证照文件验不过："),
    ],
)
def test_what_is_no_file_is_refused(tell, file, reason):
    assert tell("licence_issued", 80, file=file).startswith(reason)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"file": None}, "没有附证照文件。"),
        ({"file": {"digest": "0" * 64, "content": "AA=="}}, "证照文件与所报摘要不一致。"),
        ({"file": {"digest": "0" * 64, "content": "?"}}, "证照文件的编码读不出来。"),
        ({"content": []}, "没有证照元数据。"),
        ({"content": {"metadata": {"ZZBS": 5}}}, "缺少证照标识。"),
        ({"issuer": "1"}, "制发单位的统一社会信用代码不对。"),
        ({"issuer": "11140525366258516D"}, "证照标识里的颁发机构与推送单位不是同一家。"),
    ],
)
def test_a_message_of_another_shape_is_refused_with_its_reason(tell, body, reason):
    assert tell("licence_issued", 90, body=body) == reason


def test_without_a_right_envelope_nothing_is_taken(alone):
    before = alone.get("/counts")["messages"]
    path = "/v1/licences/issued"
    assert httpx.post(f"{alone.address}{path}", json={}).status_code == 401
    assert httpx.get(f"{alone.address}/v1/messages/x").status_code == 401
    body = envelope.canonical({"key": "k", "topic": "licence_issued"})
    headers = envelope.seal(
        "other", method="POST", path=path, key="k", body=body, moment=clock.now()
    )
    answer = httpx.post(f"{alone.address}{path}", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature")
    assert alone.get("/counts")["messages"] == before


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/v1/licences/unheard-of", {"key": "k"}, "没有这一种推送。"),
        ("/v1/licences/issued", {"key": "k", "topic": "licence_revoked"}, "推送内容读不懂"),
        ("/v1/licences/issued", {"key": "j", "topic": "licence_issued"}, "推送内容读不懂"),
    ],
)
def test_what_can_never_be_taken_is_said_at_once(alone, path, body, reason):
    with alone.line() as line, pytest.raises(Never) as refusal:
        line.send(path, "k", body)
    assert refusal.value.status == 400
    assert refusal.value.reason.startswith(reason)


def test_another_content_under_a_known_key_is_refused_for_good(alone, tell):
    assert tell("licence_issued", 100, key="once") == "accepted"
    with alone.line() as line, pytest.raises(Never) as refusal:
        line.send("/v1/licences/issued", "once", {"key": "once", "topic": "licence_issued"})
    assert refusal.value.status == 409


def test_an_unknown_message_is_unknown(alone):
    with alone.line() as line:
        assert line.ask("never-sent") is None


def test_a_far_side_that_is_not_there_is_tried_again():
    with (
        pytest.raises(Again) as refusal,
        cityside.HttpCityLicences("http://127.0.0.1:9", SECRET) as line,
    ):
        line.ask("x")
    assert refusal.value.unreachable
    assert refusal.value.reason == "连不上市平台。"


def test_it_is_named_as_a_stand_in_everywhere(alone):
    assert "演示替身" in alone.get("/healthz")["name"]
    assert "演示替身" in alone.get("/counts")["from"]


@pytest.mark.parametrize("switches", [{"unheard_of": 1}, {"delay": "soon"}, [1]])
def test_a_switch_that_does_not_exist_is_refused(alone, switches):
    answer = httpx.post(f"{alone.address}/control", content=json.dumps(switches))
    assert answer.status_code == 400


def test_the_listing_goes_on_after_a_stem(alone, tell):
    for serial in (200, 201, 202):
        assert tell("licence_issued", serial) == "accepted"
    everything = alone.get("/licences?limit=5000")["licences"]
    stems = [one["stem"] for one in everything]
    assert stems == sorted(stems)
    first = alone.get("/licences?limit=2")["licences"]
    rest = alone.get(f"/licences?limit=5000&after={first[-1]['stem']}")["licences"]
    assert first + rest == everything


def test_a_root_laid_down_later_is_believed_from_then_on(tmp_path_factory):
    folder, trust = tmp_path_factory.mktemp("late"), tmp_path_factory.mktemp("late-trust")
    running = cityside.start(folder, trust, "http://127.0.0.1:9")
    try:
        elsewhere = tmp_path_factory.mktemp("late-made")
        late = cityside.make_sealer(elsewhere)

        def verdict(serial: int) -> Taken:
            zzbs = identifier(serial)
            data = late.file(zzbs)
            body = {
                "key": zzbs, "topic": "licence_issued", "issuer": cityside.ISSUER,
                "content": {"metadata": metadata(zzbs)},
                "file": {
                    "digest": files.digest(data), "content": base64.b64encode(data).decode(),
                },
            }  # fmt: skip
            with running.line() as line:
                line.send("/v1/licences/issued", zzbs, body)
                return until(lambda: (told := line.ask(zzbs)) and told.verdict and told)

        assert verdict(1).reason.startswith("电子印章验不过：")
        for path in elsewhere.rglob("*.*"):
            target = trust / path.relative_to(elsewhere)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(path.read_bytes())
        assert verdict(2).verdict == "accepted"
    finally:
        running.stop()

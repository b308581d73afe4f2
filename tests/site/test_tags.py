"""Each tag renders word, silhouette and colour together, and refuses what has no word."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.template import Context, Template

from licences.lifecycle import APPLICATION, LICENCE
from licences.models import MarkKind
from zezhou_portal.site.shell import Shell
from zezhou_portal.templatetags import words
from zezhou_portal.templatetags.portal import duration


def shown(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def icon(name: str) -> str:
    return f'<svg aria-hidden="true" focusable="false"><use href="/static/img/icons.svg#{name}"/></svg>'


def test_state_is_a_word_with_a_silhouette_and_a_class() -> None:
    expected = f'<span class="zz-state zz-state-revoked">{icon("s-revoked")}已吊销</span>'
    assert shown('{% state "REVOKED" %}') == expected


def test_state_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        shown('{% state "VALID" %}')


def test_tables_of_words_are_those_of_the_lifecycles() -> None:
    assert {code: look.word for code, look in words.STATES.items()} == dict(LICENCE.choices())
    assert {code: look.word for code, look in words.STEPS.items()} == dict(APPLICATION.choices())
    assert {code: look.word for code, look in words.MARKS.items()} == dict(MarkKind.choices)


def test_no_two_states_share_a_silhouette() -> None:
    assert len({look.icon for look in words.STATES.values()}) == len(words.STATES)


@pytest.mark.parametrize(
    ("source", "css", "word"),
    [
        ('{% mark "OBJECTED" field="住所" %}', " zz-mark-no", "有异议：住所"),
        ('{% mark "INSPECTED" year=2026 %}', " zz-mark-yes", "2026年度已年检"),
        ('{% mark "PLEDGED" %}', "", "已质押"),
    ],
)
def test_mark_names_its_field_or_its_year(source: str, css: str, word: str) -> None:
    html = shown(source)
    assert html.startswith(f'<span class="zz-mark{css}">')
    assert html.endswith(f"</svg>{word}</span>")


@time_machine.travel(datetime(2026, 11, 18, 2, 0, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("due_at", "voice", "word"),
    [
        ("2026-11-23T16:00", "", "还有 3 个工作日"),
        ("2026-11-18T16:00", " zz-due-soon", "今天到期"),
        ("2026-11-17T16:00", " zz-due-over", "超期 1 个工作日"),
        ("2026-11-13T16:00", " zz-due-over", "超期 3 个工作日"),
    ],
)
def test_due_counts_working_days(due_at: str, voice: str, word: str) -> None:
    clock = SimpleNamespace(state="RUNNING", due_at=datetime.fromisoformat(due_at + "+00:00"))
    html = shown("{% due clock %}", clock=clock)
    assert f'class="zz-due{voice}"' in html
    assert html.endswith(f"</svg>{word}</span>")


@time_machine.travel(datetime(2026, 11, 21, 2, 0, tzinfo=UTC), tick=False)
def test_due_of_friday_is_over_on_saturday_without_a_working_day_since() -> None:
    friday_midnight = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    assert "已超期" in shown("{% due moment %}", moment=friday_midnight)


def test_due_of_a_met_clock_says_how_long_it_took() -> None:
    end = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    clock = SimpleNamespace(
        state="MET", due_at=end, armed_at=end - timedelta(seconds=41), closed_at=end
    )
    assert shown("{% due clock %}", clock=clock).endswith("按时办结，用时 41 秒</span>")


def test_due_of_a_clock_met_late_says_by_how_many_working_days() -> None:
    end = datetime(2026, 11, 13, 16, 0, tzinfo=UTC)
    clock = SimpleNamespace(
        state="MET_LATE", due_at=end, closed_at=end + timedelta(days=4, hours=1)
    )
    html = shown("{% due clock %}", clock=clock)
    assert html.endswith("办结（超期 3 个工作日）</span>")
    assert "按时" not in html
    clock.closed_at = end + timedelta(hours=1)
    assert shown("{% due clock %}", clock=clock).endswith("办结（超期不足 1 个工作日）</span>")


@time_machine.travel(datetime(2026, 11, 20, 2, 0, tzinfo=UTC), tick=False)
def test_due_of_what_ends_on_a_saturday_is_not_today_on_friday() -> None:
    saturday_midnight = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
    assert "11月21日到期" in shown("{% due moment %}", moment=saturday_midnight)


def test_due_of_a_clock_without_a_last_day_says_when_it_will_end() -> None:
    clock = SimpleNamespace(state="RUNNING", due_at=None)
    assert shown("{% due clock %}", clock=clock).endswith("办结当日到期</span>")


def test_article_names_the_instrument_once_and_says_that_it_has_ended() -> None:
    html = shown('{% article "M.4" "M.15" "S.12" %}')
    assert ">办法第四条、第十五条、印章办法第十二条</button>" in html
    assert html.count("有效期已于2024年11月24日届满") == 2


def test_article_floats_nothing_in_elder_mode() -> None:
    request = SimpleNamespace(COOKIES={"elder": "22"})
    html = shown('{% article "M.9" %}', shell=Shell(request))
    assert html == '<a class="zz-art" href="/regulation/#M.9">办法第九条</a>'


def test_article_that_the_text_has_not_is_refused() -> None:
    with pytest.raises(KeyError):
        shown('{% article "M.30" %}')


def test_answer_not_known_is_its_own_answer() -> None:
    html = shown('{% ask "印章现在有效" "not_known" "没有答复" %}')
    assert html == (
        f'<li class="zz-ans-unknown">{icon("a-unknown")}<span>印章现在有效</span>'
        '<span class="zz-ans">不知道</span><small>没有答复</small></li>'
    )


def test_say_escapes_what_is_not_the_template() -> None:
    html = shown('{% say "no" fact %}<p>{{ advice }}</p>{% endsay %}', fact="<b>", advice="<i>")
    assert "<b>&lt;b&gt;</b><p>&lt;i&gt;</p>" in html


def test_masked_value_shows_no_middle() -> None:
    assert shown('{% masked "140525196505041118" %}') == (
        '<span class="zz-code">140525********1118</span>'
    )


@pytest.mark.parametrize(
    ("seconds", "words_"),
    [(41, "41 秒"), (130, "2 分 10 秒"), (11_100, "3 小时 5 分"), (172_800, "2 天")],
)
def test_duration_is_said_in_two_units(seconds: int, words_: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words_


class Sample(forms.Form):
    name = forms.CharField(label="经营场所", max_length=4, help_text="填到门牌号")
    kind = forms.ChoiceField(label="种类", choices=[("1", "一")], required=False)
    until = forms.CharField(label="有效期至")

    def clean_until(self) -> str:
        raise forms.ValidationError("早于有效期起（2026年11月20日）")


def test_form_says_the_same_words_in_the_summary_and_at_the_field() -> None:
    html = str(Sample({"name": "", "kind": "9", "until": "2026-11-19"}))
    for key, label, fault in (
        ("name", "经营场所", "还没有填"),
        ("kind", "种类", "选项里没有这一个，请重新选"),
        ("until", "有效期至", "早于有效期起（2026年11月20日）"),
    ):
        assert f'<a href="#id_{key}">{label}：{fault}</a>' in html
        assert f'<span class="visually-hidden">错误：</span>{fault}</span>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert html.count('aria-invalid="true"') == 3
    assert html.count("（可不填）") == 1


def test_form_says_how_long_is_too_long() -> None:
    assert "最多 4 字，现在是 6 字" in str(Sample({"name": "六个字的地址", "until": "1"}))

"""Chinese setting: kinsoku, pieces, half marks, justification (faces.md 5)."""

import pytest

from licences.production.face.setting import MissingGlyph, break_lines, measure, set_line


def lines(text: str, width: float, **more: float) -> list[str]:
    measured = measure(text, "kai-bold", "hei", **more)
    return [measured.text[line.start : line.end] for line in break_lines(measured, width)]


def test_no_closing_mark_begins_a_line() -> None:
    assert lines("甲乙丙丁戊己，庚辛", 6) == ["甲乙丙丁戊", "己，庚辛"]


def test_no_opening_mark_ends_a_line() -> None:
    assert lines("甲乙丙丁戊（己庚）", 6) == ["甲乙丙丁戊", "（己庚）"]


def test_a_closing_mark_fits_with_its_empty_half_over_the_edge() -> None:
    assert lines("甲乙丙丁戊，己", 5.5) == ["甲乙丙丁戊，", "己"]


@pytest.mark.parametrize(
    ("text", "width", "wanted"),
    [
        ("期间为2026年11月23日止", 8, ["期间为", "2026年11月23日", "止"]),
        ("面积共计1,286.53平方米整", 7.5, ["面积共计", "1,286.53平方米", "整"]),
        ("住文博路3号楼2单元", 5.2, ["住文博路", "3号楼2单元"]),
        ("占百分之50%以上", 5, ["占百分之", "50%以上"]),
        ("商号Zhejie Brothers店", 6, ["商号Zhejie", "Brothers店"]),
        ("详见全文……止", 5, ["详见全", "文……止"]),
        ("证书第0000001号在册", 7, ["证书", "第0000001号在", "册"]),
    ],
)
def test_pieces_stay_whole(text: str, width: float, wanted: list[str]) -> None:
    assert lines(text, width) == wanted


def test_a_name_is_broken_at_its_dot_only_where_nothing_else_helps() -> None:
    assert lines("王喆、阿卜杜热西提·麦麦提明", 12) == ["王喆、", "阿卜杜热西提·麦麦提明"]
    assert lines("阿依努尔·阿卜杜热西提", 8) == ["阿依努尔·", "阿卜杜热西提"]


def test_a_piece_wider_than_the_line_breaks_anywhere() -> None:
    assert "".join(lines("A" * 40, 6)) == "A" * 40


def test_groups_of_a_code_break_between_groups_only() -> None:
    assert lines("140525 001001 GB00018 F00030112", 9, space=0.5) == [
        "140525 001001",
        "GB00018",
        "F00030112",
    ]


def test_marks_beside_each_other_lose_half_an_em() -> None:
    alone = break_lines(measure("甲）乙、丙", "kai-bold"), 99)[0].width
    beside = break_lines(measure("甲）、乙丙", "kai-bold"), 99)[0].width
    assert alone == pytest.approx(5.0)
    assert beside == pytest.approx(4.5)


def test_letters_stand_an_eighth_from_han_and_figures_do_not() -> None:
    assert measure("甲A", "kai-bold", "hei").kerns[0] == 0.125
    assert measure("甲1", "kai-bold", "hei").kerns[0] == 0


def test_an_opening_mark_at_the_start_loses_its_left_half() -> None:
    measured = measure("（甲）乙", "kai-bold")
    run = set_line(measured, break_lines(measured, 99)[0], 5.0, 20.0, 30.0, "#000000")[0]
    assert run.x == pytest.approx(17.5)


def test_lines_are_justified_by_at_most_an_eighth_of_an_em() -> None:
    measured = measure("甲乙丙丁戊己庚辛壬癸甲乙丙", "kai-bold")
    line = break_lines(measured, 10.5)[0]
    runs = set_line(measured, line, 4.0, 0.0, 0.0, "#000000", justify_to=42.0)
    assert sum(run.width for run in runs) == pytest.approx(42.0)
    ragged = set_line(measured, line, 4.0, 0.0, 0.0, "#000000", justify_to=46.0)
    assert sum(run.width for run in ragged) == pytest.approx(40.0)


def test_a_missing_glyph_is_named() -> None:
    with pytest.raises(MissingGlyph) as refused:
        measure("甲\U0001f600", "kai-bold")
    assert refused.value.character == "\U0001f600"

"""A seal is printed at its own size or not at all (faces, 8)."""

import pytest

from licences.models import LicenceFile, LicenceVersion
from licences.production.face_rules import seal_misfit
from licences.register import producing
from seals.models import Seal
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.seals import seal_of
from zezhou_portal.regulation.errors import RuleBroken

SENTENCE = (
    "照面上印章的位置是直径 42 毫米，“泽州县市场监督管理局”是 40×40 毫米。"
    "印章不能缩放，所以不能签章。请目录编制人改照面，或者换用大小相符的印章。"
)


def test_only_the_seals_own_size_fits() -> None:
    layout = {"boxes": [{"kind": "text"}, {"kind": "seal", "diameter": 42}]}
    assert seal_misfit(layout, "甲", 42, 42) == ""
    assert seal_misfit(layout, "泽州县市场监督管理局", 40, 40) == SENTENCE
    assert seal_misfit(layout, "甲", 42, 30) != ""
    assert seal_misfit({"boxes": []}, "甲", 42, 42).startswith("照面上没有留印章的位置")


@pytest.mark.article("M.13")
def test_a_seal_of_another_size_is_refused_at_sign_off(cast: Cast) -> None:
    seal = seal_of(cast.market)
    Seal.objects.filter(pk=seal.pk).update(name="泽州县市场监督管理局", width_mm=40, height_mm=40)
    with pytest.raises(RuleBroken) as refusal:
        Applications(cast).issued()
    assert (refusal.value.article, refusal.value.reason) == ("M.13", SENTENCE)


@pytest.mark.article("M.13")
def test_a_seal_that_changed_after_sign_off_seals_nothing(cast: Cast) -> None:
    licence = Applications(cast).issued()
    Seal.objects.update(name="泽州县市场监督管理局", width_mm=40, height_mm=40)
    assert producing.produce_waiting() == 1
    licence.refresh_from_db()
    assert licence.state == "AWAITING_FILE"
    assert LicenceVersion.objects.get(licence=licence).last_error == SENTENCE
    assert not LicenceFile.objects.exists()

"""A written face can be sealed on every page, and the sealed file is found whole."""

from licences.production.face import catalogue, ofd
from licences.production.face.layout import place
from seals.documents.findings import Verdict
from seals.documents.verification import verify_ofd
from tests.licences.production.face.samples import BY_NAME, sample
from tests.seals.conftest import NOW, County, county

__all__ = ["county"]


def test_a_face_with_an_annex_is_sealed_and_passes(county: County) -> None:
    kind = BY_NAME["营业执照"]
    face = place(catalogue.layout_for(kind["code"]), sample(kind, "longest"))
    package = ofd.write(face, {"ZZBS": face.identifier, "ZZMC": face.title})
    sealed = county.sealed(package, stamps=ofd.stamps(face))
    assert sealed["OFD.xml"] == package["OFD.xml"]
    found = verify_ofd(sealed.to_zip(), trust=county.trust, now=NOW)
    assert found.verdict is Verdict.PASSED
    assert found.custom_data == {"ZZBS": face.identifier, "ZZMC": "营业执照"}
    (signature,) = found.signatures
    assert (signature.changed, signature.missing, signature.unprotected) == ((), (), ())

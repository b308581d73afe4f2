"""Holders found to be one: one official proposes, another confirms, nothing is rewritten (M.3)."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from licences.models import Licence, LicenceHolder
from licences.register.selectors import possible_duplicates
from licences.register.visibility import licences_held
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory
from tests.families import birth_certificate, child, number_of, person
from tests.holders import checked, holder_actor, holder_client
from tests.records import outcomes, records
from tests.usage.sealed import in_force
from usage.mandates.children import add_child
from usage.presenting import switching
from usage.wallet.selectors import card
from zezhou_portal.parties.holders import merging
from zezhou_portal.parties.holders.changing import change_holder
from zezhou_portal.parties.holders.selectors import holders_dealt_with_by
from zezhou_portal.parties.holders.services import forget_holders, search_holders
from zezhou_portal.parties.identity.session import holder_session_of
from zezhou_portal.parties.mandates.ending import end_mandate
from zezhou_portal.parties.mandates.selectors import mandates_given_now
from zezhou_portal.parties.models import Holder, HolderMerge, Notification
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("wednesday"), pytest.mark.article("M.3"),
]  # fmt: skip
BORN = date(2026, 11, 2)
GROUND = "户口簿、出生医学证明"


class Newborn:
    """A child with a certificate and no number, and the same child with one."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.mother = person("谢妈妈")
        self.without = child("谢小样")
        self.without.entered_by_department = cast.market
        self.without.save(update_fields=["entered_by_department"])
        self.certificate = birth_certificate(
            cast, self.without, mother=self.mother, born_at="2026-11-02 08:30"
        )
        self.numbered = person("谢小样", BORN, 7)
        self.fields = {
            "identity_type": "111", "identity_number": number_of(BORN, 7), "name": "谢小样",
            "ground": GROUND,
        }  # fmt: skip

    def proposed(self, who: str = "market.clerk", **changed: str) -> HolderMerge:
        return merging.propose_merge(
            actor=self.cast.actor(who), holder=self.without, **{**self.fields, **changed}
        )

    def confirmed(self) -> HolderMerge:
        return merging.confirm_merge(
            actor=self.cast.actor("market.reviewer"), merge=self.proposed()
        )

    def wallet(self) -> list[Licence]:
        return list(licences_held(holder_actor(self.numbered)))


@pytest.fixture
def newborn(cast: Cast) -> Newborn:
    return Newborn(cast)


@pytest.mark.article("M.20")
def test_newborn_when_two_officials_agree_then_the_wallet_has_the_certificate(
    newborn: Newborn,
) -> None:
    assert newborn.wallet() == []
    merge = newborn.proposed()
    assert newborn.wallet() == []
    merging.confirm_merge(actor=newborn.cast.actor("market.reviewer"), merge=merge)
    assert newborn.wallet() == [newborn.certificate]
    assert card(holder_actor(newborn.numbered), newborn.certificate.uuid) is not None
    page = holder_client(newborn.numbered).get("/wallet/").content.decode()
    assert "出生医学证明" in page
    newborn.without.refresh_from_db()
    assert newborn.without.same_as == newborn.numbered
    assert (newborn.without.name, newborn.without.identity_number) == ("谢小样", "")
    assert LicenceHolder.objects.get().holder == newborn.without  # nothing is rewritten
    merge.refresh_from_db()
    assert (merge.state, merge.proposed_by_name, merge.decided_by_name) == (
        "CONFIRMED",
        newborn.cast.account("market.clerk").name,
        newborn.cast.account("market.reviewer").name,
    )


def test_newborn_when_found_to_be_one_then_both_histories_have_both_acts(newborn: Newborn) -> None:
    newborn.confirmed()
    for code in ("merge_proposed", "merge_confirmed"):
        found = {row.subject_key: row.facts["same_as"] for row in records(code)}
        assert found == {
            str(newborn.without.uuid): str(newborn.numbered.uuid),
            str(newborn.numbered.uuid): str(newborn.without.uuid),
        }
    assert records("merge_proposed")[0].facts["ground"].startswith("hmac:")
    told = Notification.objects.order_by("pk").values_list("account__username", "title")
    assert list(told) == [
        ("market.reviewer", "有两份登记待认定为同一持证人"),
        ("market.clerk", "已认定为同一持证人"),
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "谢大样"}, "identity_number"),
        ({"identity_number": number_of(BORN, 8)}, "identity_number"),
        ({"identity_number": ""}, "identity_number"),
        ({"ground": " "}, "ground"),
        ({"ground": "看" * 201}, "ground"),
    ],
)
def test_proposal_when_something_does_not_agree_then_said_at_its_field(
    newborn: Newborn, changed: dict[str, str], field: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        newborn.proposed(**changed)
    assert list(refusal.value.fields) == [field]
    assert not HolderMerge.objects.exists()


def test_proposal_when_made_twice_then_once(newborn: Newborn) -> None:
    newborn.proposed()
    with pytest.raises(RuleBroken, match="已经提出过认定"):
        newborn.proposed()


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"identity_number": "G12345678", "identity_type": "414", "identity_index": "x"},
         "有自己的证件号码"),
        ({"outside_subject": "user-1"}, "用证件实名登录一次"),
        ({"kind": "unincorporated"}, "不能认定"),
    ],
)  # fmt: skip
def test_proposal_when_the_holder_is_known_otherwise_then_refused(
    newborn: Newborn, columns: dict[str, str], words: str
) -> None:
    Holder.objects.filter(pk=newborn.without.pk).update(**columns)
    with pytest.raises(RuleBroken, match=words):
        newborn.proposed()


@pytest.mark.article("M.26")
def test_proposal_when_a_neighbour_s_holder_then_refused(newborn: Newborn) -> None:
    Applications(newborn.cast, place="land").received()  # land's clerk has holders of their own
    with pytest.raises(NotPermitted, match="不是您的单位登记的"):
        newborn.proposed("land.clerk")
    with pytest.raises(NotPermitted):
        newborn.proposed("market.reviewer")
    assert not HolderMerge.objects.exists()


def test_confirmation_when_by_the_proposer_then_refused(newborn: Newborn) -> None:
    merge = newborn.proposed()
    HolderMerge.objects.update(proposed_by=newborn.cast.account("market.reviewer"))
    for verb, more in ((merging.confirm_merge, {}), (merging.decline_merge, {"remarks": "不是"})):
        with pytest.raises(RuleBroken, match="要由另一个人确认"):
            verb(actor=newborn.cast.actor("market.reviewer"), merge=merge, **more)
    assert HolderMerge.objects.get().state == "PROPOSED"
    assert newborn.wallet() == []


@pytest.mark.parametrize("who", ["market.clerk", "market.signatory", "land.reviewer"])
def test_confirmation_when_by_somebody_else_then_not_permitted(newborn: Newborn, who: str) -> None:
    merge = newborn.proposed()
    with pytest.raises(NotPermitted):
        merging.confirm_merge(actor=newborn.cast.actor(who), merge=merge)
    with pytest.raises(NotPermitted):
        merging.decline_merge(actor=newborn.cast.actor(who), merge=merge, remarks="不是")
    assert newborn.wallet() == []


def test_confirmation_when_the_holder_got_a_number_meanwhile_then_refused(newborn: Newborn) -> None:
    merge = newborn.proposed()
    change_holder(
        actor=newborn.cast.actor("market.clerk"), holder=newborn.without, name="谢小样",
        identity_type="111", identity_number=number_of(BORN, 9),
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="有自己的证件号码"):
        merging.confirm_merge(actor=newborn.cast.actor("market.reviewer"), merge=merge)


def test_proposal_when_withdrawn_or_declined_then_nothing_changes_and_it_may_be_made_again(
    newborn: Newborn,
) -> None:
    clerk, reviewer = newborn.cast.actor("market.clerk"), newborn.cast.actor("market.reviewer")
    merge = newborn.proposed()
    with pytest.raises(NotPermitted):
        merging.withdraw_merge(actor=newborn.cast.actor("land.clerk"), merge=merge)
    merging.withdraw_merge(actor=clerk, merge=merge)
    with pytest.raises(RuleBroken, match="现在是“已撤回”，不能认定"):
        merging.confirm_merge(actor=reviewer, merge=merge)
    merge = newborn.proposed()
    with pytest.raises(RuleBroken, match="还没有写为什么不予认定"):
        merging.decline_merge(actor=reviewer, merge=merge, remarks=" ")
    merging.decline_merge(actor=reviewer, merge=merge, remarks="出生日期对不上")
    assert newborn.wallet() == []
    assert newborn.proposed().state == "PROPOSED"
    assert HolderMerge.objects.count() == 3  # nothing is deleted


def test_holder_when_merged_then_found_and_changed_as_the_one_who_stays(newborn: Newborn) -> None:
    clerk = newborn.cast.actor("market.clerk")
    other = child("谢小样")
    LicenceHolder.objects.create(licence=newborn.certificate, holder=other, place=1)
    newborn.confirmed()
    found = search_holders(actor=clerk, text="谢小样")
    assert found == [newborn.numbered, other]
    with pytest.raises(RuleBroken, match="已经和另一位持证人认定为同一人"):
        change_holder(actor=clerk, holder=newborn.without, name="新名字")
    assert newborn.numbered in holders_dealt_with_by(clerk)
    assert newborn.certificate in possible_duplicates(
        newborn.certificate.type_code, [newborn.numbered.pk]
    )
    assert forget_holders([newborn.without, newborn.numbered]) == 0
    applications = Applications(newborn.cast)
    with pytest.raises(RuleBroken, match="已经和另一位认定为同一人"):
        applications.received(holders=[Holder.objects.get(pk=newborn.without.pk)])


@pytest.mark.article("M.20")
def test_parent_when_the_child_is_found_to_be_one_then_goes_on_acting_for_it(
    newborn: Newborn,
) -> None:
    mother = holder_actor(newborn.mother)
    number = newborn.certificate.number
    mandate = add_child(actor=mother, certificate_number=number, child_name="谢小样")
    switching.switch_off(actor=next_click(newborn.mother, mandate), licence=newborn.certificate)
    newborn.confirmed()
    later = in_force(newborn.cast)
    LicenceHolder.objects.filter(licence=later).update(holder=newborn.numbered)
    acting = next_click(newborn.mother, mandate)
    assert acting.principal_id == newborn.numbered.pk
    assert set(licences_held(acting)) == {newborn.certificate, later}
    switching.switch_on(actor=acting, licence=newborn.certificate)
    with pytest.raises(RuleBroken, match="已经委托过这个人"):
        add_child(actor=mother, certificate_number=number, child_name="谢小样")
    given = mandates_given_now(holder_actor(newborn.numbered))
    assert list(given) == [mandate]
    end_mandate(actor=mother, mandate=mandate)
    assert not mandates_given_now(holder_actor(newborn.numbered)).exists()


def next_click(agent, mandate):
    """Who acts on the agent's next request."""
    found = holder_session_of(str(checked(agent).uuid), str(mandate.uuid))
    assert found is not None
    return found.actor


def test_child_when_merged_before_it_is_added_then_the_mandate_is_over_who_stays(
    newborn: Newborn,
) -> None:
    newborn.confirmed()
    mandate = add_child(
        actor=holder_actor(newborn.mother),
        certificate_number=newborn.certificate.number,
        child_name="谢小样",
    )
    assert mandate.principal == newborn.numbered
    assert mandate.until_on == date(2044, 11, 1)


def test_pages_when_walked_then_proposed_and_confirmed_by_two(newborn: Newborn) -> None:
    clerk = newborn.cast.client("market.clerk")
    address = f"/holders/{newborn.without.uuid}/"
    assert "与另一人是同一人" in clerk.get(address).content.decode()
    proposing = f"{address}same-person/"
    assert "谢小样" not in clerk.get(proposing).content.decode()
    wrong = clerk.post(proposing, {**newborn.fields, "name": "谢大样"})
    assert wrong.status_code == 422
    assert "没有用这个证件号码和名称登记的持证人" in wrong.content.decode()
    answer = clerk.post(proposing, newborn.fields)
    merge = HolderMerge.objects.get()
    page = f"/holder-merges/{merge.uuid}/"
    assert answer["Location"] == page
    shown = clerk.get(page).content.decode()
    assert GROUND in shown
    assert number_of(BORN, 7) not in shown
    assert f"{page}confirm/" not in shown
    assert f"{page}withdraw/" in shown
    assert "已提出与另一人是同一人" in clerk.get(address).content.decode()
    reviewer = newborn.cast.client("market.reviewer")
    assert page in reviewer.get("/desk/").content.decode()
    assert f"{page}confirm/" in reviewer.get(page).content.decode()
    assert "不能撤销" in reviewer.get(f"{page}confirm/").content.decode()
    assert clerk.post(f"{page}confirm/").status_code == 403
    assert outcomes("merge_confirmed") == [("refused", "")]
    done = reviewer.post(f"{page}confirm/", follow=True).content.decode()
    assert "已认定为同一持证人" in done
    assert reviewer.post(f"{page}confirm/").status_code == 422
    # the merged holder's address leads to the one who stays
    assert "补登的证件号码" not in clerk.get(address).content.decode()
    assert clerk.get(proposing).status_code == 404


def test_pages_when_declined_or_withdrawn_then_said(newborn: Newborn) -> None:
    clerk = newborn.cast.client("market.clerk")
    reviewer = newborn.cast.client("market.reviewer")
    page = f"/holder-merges/{newborn.proposed().uuid}/"
    assert reviewer.post(f"{page}decline/", {}).status_code == 422
    said = reviewer.post(f"{page}decline/", {"remarks": "日期对不上"}, follow=True)
    assert "日期对不上" in said.content.decode()
    page = f"/holder-merges/{newborn.proposed().uuid}/"
    assert clerk.get(f"{page}withdraw/").status_code == 200
    assert "已撤回" in clerk.post(f"{page}withdraw/", follow=True).content.decode()
    own = newborn.proposed()
    HolderMerge.objects.filter(pk=own.pk).update(
        proposed_by=newborn.cast.account("market.reviewer")
    )
    page = f"/holder-merges/{own.uuid}/"
    assert "这是您自己提出的" in reviewer.get(page).content.decode()
    assert "要由另一个人确认" in reviewer.post(f"{page}confirm/").content.decode()


@pytest.mark.article("M.26")
@pytest.mark.parametrize("who", ["land.clerk", "land.reviewer"])
def test_pages_when_a_neighbour_with_a_proposal_of_their_own_asks_then_not_there(
    newborn: Newborn, who: str
) -> None:
    own = HolderFactory(
        name="邻家小样", identity_type="", identity_number="",
        entered_by_department=newborn.cast.land,
    )  # fmt: skip
    merging.propose_merge(
        actor=newborn.cast.actor("land.clerk"), holder=own, **newborn.fields
    )  # fmt: skip
    merge, client = newborn.proposed(), newborn.cast.client(who)
    for path in ("", "confirm/", "decline/", "withdraw/"):
        assert_not_there(client, f"/holder-merges/{merge.uuid}/{path}", own=path == "")
    assert client.get(f"/holder-merges/{uuid4()}/").status_code == 404
    if who == "land.clerk":
        assert client.get(f"/holders/{newborn.without.uuid}/same-person/").status_code == 404
    assert HolderMerge.objects.get(pk=merge.pk).state == "PROPOSED"


def assert_not_there(client: Client, address: str, *, own: bool) -> None:
    """Not found, or not even to be opened by this posting."""
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code in ({404, 405} if own else {404, 403})


def test_merged_when_somebody_was_merged_into_them_before_then_both_are_the_one(
    newborn: Newborn,
) -> None:
    earlier = HolderFactory(identity_type="", identity_number="", outside_subject="user-9")
    Holder.objects.filter(pk=earlier.pk).update(same_as=newborn.without)
    newborn.confirmed()
    earlier.refresh_from_db()
    assert earlier.same_as == newborn.numbered

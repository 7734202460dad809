"""Releases are kept, and a card that could be subtracted from an earlier one is not released."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from riskmodel.errors import DisclosureError
from riskmodel.reporting.card import ModelCard
from riskmodel.reporting.policy import Policy
from riskmodel.reporting.releases import differences, load_releases
from tests.unit.reporting.made_up import Inputs, inputs
from tests.unit.reporting.written import written


def card_of(made: Inputs, *, release: bool = True, policy: Policy | None = None) -> ModelCard:
    return ModelCard.compose(
        made.prototype, made.evaluation, made.matrix, made.warehouse, made.training, None, written(),
        release=release, invented=True, policy=policy or Policy(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Inputs:
    return inputs()


@pytest.fixture(scope="module")
def plain(made: Inputs) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(card_of(made).json())
    return found


def with_more_cases(made: Inputs, more: int) -> Inputs:
    """The same test cohort after some records were corrected: one group has more cases, the other fewer."""
    result = made.evaluation
    lead = result.models[result.lead]
    moved = {("sex", "F"): more, ("sex", "M"): -more}
    groups = tuple(replace(g, n=g.n + moved.get((g.attribute, g.group), 0)) for g in lead.groups)
    return made.judged(models={**result.models, result.lead: replace(lead, groups=groups)})


def changed(plain: dict[str, Any], table: str, column: str, row: int, **cell: Any) -> dict[str, Any]:
    """A copy of a card with one figure changed."""
    other = copy.deepcopy(plain)
    for section in other["sections"]:
        for block in section["blocks"]:
            for one in [block, *block.get("tables", ())]:
                if one.get("key") == table and "rows" in one:
                    one["rows"][row][one["columns"].index(column)].update(cell)
                    return other
    raise AssertionError(table)


def test_a_release_is_recorded_once_and_survives_drafts(made: Inputs, tmp_path: Path) -> None:
    card, draft = card_of(made), card_of(made, release=False)
    draft.save(tmp_path)
    folder = tmp_path / card.name
    assert not (folder / "releases").exists()
    card.save(tmp_path)
    card.save(tmp_path)
    draft.save(tmp_path)
    assert [path.name for path in (folder / "releases").iterdir()] == ["001.json"]
    assert load_releases(folder)["001"] == json.loads(card.json())


def test_the_same_data_can_be_released_again_with_other_words(made: Inputs, tmp_path: Path) -> None:
    card_of(made).save(tmp_path)
    reworded = made.but(prototype=replace(made.prototype, use="Offer another kind of visit, which is free to decline"))
    card = card_of(reworded)
    card.save(tmp_path)
    assert sorted(load_releases(tmp_path / card.name)) == ["001", "002"]


@pytest.mark.parametrize("more", [5, -5])
def test_a_few_more_cases_in_the_same_cohort_are_refused(made: Inputs, tmp_path: Path, more: int) -> None:
    card_of(made).save(tmp_path)
    later = card_of(with_more_cases(made, more))
    with pytest.raises(
        DisclosureError, match=r"fairness-sex: F, .* by fewer people than the threshold \(release 001\)"
    ):
        later.save(tmp_path)
    assert sorted(load_releases(tmp_path / later.name)) == ["001"]
    card_of(with_more_cases(made, more), release=False).save(tmp_path)


def test_every_earlier_release_counts(made: Inputs, tmp_path: Path) -> None:
    for more in (0, 40):
        card_of(with_more_cases(made, more)).save(tmp_path)
    with pytest.raises(DisclosureError, match="release 001"):
        card_of(with_more_cases(made, 5)).save(tmp_path)


def test_another_test_cohort_is_about_other_people(made: Inputs, tmp_path: Path) -> None:
    card_of(made).save(tmp_path)
    later = with_more_cases(made, 5)
    plain = json.loads(card_of(later).json())
    earlier = load_releases(tmp_path / plain["facts"]["prototype"])
    assert differences(plain, earlier)
    plain["facts"]["tested_on"] = ["2024-09-01"]
    assert differences(plain, earlier) == ()


def test_other_rounding_of_the_same_counts_is_refused(made: Inputs, tmp_path: Path) -> None:
    card_of(made).save(tmp_path)
    with pytest.raises(DisclosureError, match="could be subtracted"):
        card_of(made, policy=Policy(rounding=7)).save(tmp_path)


def test_a_list_of_another_model_is_another_list(plain: dict[str, Any]) -> None:
    rows = next(b["tables"][0]["rows"] for s in plain["sections"] for b in s["blocks"] if b.get("key") == "found")
    found = rows[0][2]["value"]
    other = changed(plain, "capacity-points", "Found", 0, value=found + 5)
    assert [d.place.column for d in differences(other, {"001": plain})] == ["Found"]
    other["facts"]["model_digest"] = "another"
    assert differences(other, {"001": plain}) == ()


def test_a_percentage_that_moves_by_a_handful_of_people_is_found(plain: dict[str, Any]) -> None:
    table = next(t for s in plain["sections"] for b in s["blocks"] for t in b.get("tables", ())
                 if t["key"] == "fairness-sex")  # fmt: skip
    share, n = table["rows"][0][4]["value"], table["rows"][0][1]["value"]
    near = changed(plain, "fairness-sex", "Picked", 0, value=share + 8 / n)
    assert [d.place.row for d in differences(near, {"001": plain})] == [table["rows"][0][0]]
    assert differences(changed(plain, "fairness-sex", "Picked", 0, value=share + 12 / n), {"001": plain}) == ()


def test_a_count_that_was_withheld_may_not_appear_beside_others(plain: dict[str, Any]) -> None:
    hidden = {"value": None, "kind": "withheld", "text": "withheld"}
    one = changed(plain, "fairness-sex", "Cases", 0, **hidden)
    assert [d.why for d in differences(plain, {"001": one})] == ["it was withheld before, and others beside it are"]
    assert differences(one, {"001": plain}) == ()


def test_a_release_that_cannot_be_read_is_no_excuse(made: Inputs, tmp_path: Path) -> None:
    card = card_of(made)
    card.save(tmp_path)
    (tmp_path / card.name / "releases" / "001.json").write_text("{}", "utf-8")
    with pytest.raises(DisclosureError, match=r"001\.json, cannot be read"):
        card.save(tmp_path)

"""A card whose data were corrected by a few people is released with the earlier figures, and not refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from riskmodel.errors import DisclosureError
from riskmodel.reporting.card import ModelCard
from riskmodel.reporting.releases import differences, load_releases
from riskmodel.reporting.reprint import CardInputs, beside_releases, held_to, newest_release, with_note
from tests.unit.reporting import reading
from tests.unit.reporting.made_up import Inputs, inputs
from tests.unit.reporting.test_releases import with_more_cases
from tests.unit.reporting.written import written

NAME = "starting_school"


def parts(made: Inputs) -> CardInputs:
    return CardInputs(made.evaluation, made.matrix, made.warehouse, made.training)


def corrected(made: Inputs, few: int, *, model: str = "") -> Inputs:
    """The same cohort after records were corrected: some groups and the test itself hold other numbers."""
    moved = with_more_cases(made, few)
    test = {**moved.evaluation.test, "n": moved.evaluation.test["n"] + few}
    made_from = dict(moved.evaluation.generated_from)
    if model:
        made_from["model_digests"] = dict.fromkeys(made_from["model_digests"], model)
    steps = [
        {**step, "n": step["n"] + few, "by_as_of": {day: n + few for day, n in step["by_as_of"].items()}}
        for step in made.matrix["attrition"]
    ]
    return moved.judged(test=test, generated_from=made_from).but(matrix={**made.matrix, "attrition": steps})


def compose(one: CardInputs, note: str = "") -> ModelCard:
    made = inputs()
    card = ModelCard.compose(
        made.prototype, one.evaluation, one.matrix, one.warehouse, one.training, None, written(), release=True,
        invented=True,
    )  # fmt: skip
    return with_note(card, note) if note else card


def release(one: CardInputs, folder: Path) -> ModelCard:
    """Release a card as the command does."""
    card, used = beside_releases(compose(one), one, compose, folder / NAME, folder / "kept")
    card.save(folder)
    used.save(folder / "kept" / f"{newest_release(folder / NAME)}.json")
    return card


@pytest.fixture(scope="module")
def made() -> Inputs:
    return inputs()


@pytest.mark.parametrize("model", ["", "another"])
def test_a_few_corrections_are_released_with_the_earlier_counts(made: Inputs, tmp_path: Path, model: str) -> None:
    first = release(parts(made), tmp_path)
    again = release(parts(corrected(made, 6, model=model)), tmp_path)
    earlier = load_releases(tmp_path / NAME)
    assert sorted(earlier) == ["001", "002"]
    assert differences(earlier["002"], {"001": earlier["001"]}) == ()
    tables = [
        {t["key"]: t["rows"] for t in reading.raw_tables(json.loads(card.json()))}["fairness-sex"]
        for card in (first, again)
    ]
    assert [row[1] for row in tables[0]] == [row[1] for row in tables[1]]
    assert "Records were corrected since release 001" in again.html()
    assert "Records were corrected" not in first.html()


def test_what_changed_by_many_people_is_printed_as_it_is_now(made: Inputs, tmp_path: Path) -> None:
    old, new = parts(made), parts(corrected(made, 40))
    held = held_to(new, old, 10)
    assert held.evaluation.test["n"] == new.evaluation.test["n"]
    few = held_to(parts(corrected(made, 6)), old, 10)
    assert few.evaluation.test["n"] == old.evaluation.test["n"]
    assert few.training == old.training


def test_settings_are_no_counts(made: Inputs) -> None:
    other = made.but(training={**made.training, "seed": 3})
    assert held_to(parts(other), parts(made), 10).training["seed"] == 3


def test_a_card_that_needs_nothing_is_left_as_it_is(made: Inputs, tmp_path: Path) -> None:
    release(parts(made), tmp_path)
    card = compose(parts(made))
    assert beside_releases(card, parts(made), compose, tmp_path / NAME, tmp_path / "kept")[0] is card


def test_without_the_inputs_of_the_release_it_is_refused(made: Inputs, tmp_path: Path) -> None:
    release(parts(made), tmp_path)
    (tmp_path / "kept" / "001.json").unlink()
    with pytest.raises(DisclosureError, match="could be subtracted"):
        release(parts(corrected(made, 6)), tmp_path)


def test_inputs_are_kept_whole_and_for_their_owner_alone(made: Inputs, tmp_path: Path) -> None:
    path = parts(made).save(tmp_path / "kept" / "001.json")
    assert path.stat().st_mode & 0o077 == 0
    assert CardInputs.load(path).evaluation == made.evaluation
    assert compose(CardInputs.load(path)).json() == compose(parts(made)).json()


def test_a_third_version_keeps_to_both_releases(made: Inputs, tmp_path: Path) -> None:
    for few in (0, 6, 9):
        release(parts(corrected(made, few)), tmp_path)
    earlier = load_releases(tmp_path / NAME)
    last = earlier.pop(max(earlier))
    assert differences(last, earlier) == ()


def test_a_change_of_more_is_a_new_figure_that_later_versions_keep_to(made: Inputs, tmp_path: Path) -> None:
    for more in (0, 30, 34):
        release(parts(with_more_cases(made, more)), tmp_path)
    counts = [
        {t["key"]: t["rows"] for t in reading.raw_tables(card)}["fairness-sex"][0][1]["value"]
        for card in load_releases(tmp_path / NAME).values()
    ]
    assert counts[1] - counts[0] >= 10
    assert counts[2] == counts[1]


def test_held_evaluations_read_back_the_same(made: Inputs) -> None:
    held = held_to(parts(corrected(made, 6)), parts(made), 10)
    assert replace(held.evaluation, generated_from={}) == replace(made.evaluation, generated_from={})

"""Sources say what is wrong with them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from riskmodel.declare import Sensitivity, Source
from riskmodel.errors import DeclarationError


def source(**changes: Any) -> Source:
    parts: dict[str, Any] = {
        "name": "stays",
        "description": "One row a stay",
        "partner": "Hospital",
        "agreement": "ISA-5",
        "key": "person_id",
        "happened": "admitted_on",
        "columns": {"ward": str, "nights": int, "paid": bool, "result": str, "resulted_on": date},
    }
    return Source(**parts | changes)


def test_known_is_happened_unless_declared() -> None:
    assert source().known == "admitted_on"
    assert source(known="received_on").known == "received_on"


def test_all_columns_in_order() -> None:
    spells = source(known="received_on", ends="left_on", columns={"ward": str, "left_on": date})
    assert list(spells.all_columns) == ["person_id", "admitted_on", "received_on", "left_on", "ward"]
    assert spells.is_spells
    assert not source().is_spells


def test_sources_can_be_compared_and_kept_in_sets() -> None:
    assert source() == source()
    assert len({source(), source(), source(name="others")}) == 2


def test_what_was_passed_in_can_change_without_changing_the_source() -> None:
    columns: dict[str, type] = {"ward": str}
    made = source(columns=columns)
    columns["nights"] = int
    assert "nights" not in made.all_columns


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "Stays"}, "The nearest right name is 'stays'."),
        ({"name": "as_of"}, "the as-of date in SQL snippets"),
        ({"description": ""}, "The description of source 'stays' is empty."),
        ({"agreement": " "}, "The agreement of source 'stays' is empty."),
        ({"columns": {"Ward": str}}, "A column of source 'stays'"),
        ({"columns": {"ward": "str"}}, "The nearest right name is 'str'."),
        ({"columns": {"ward": datetime}}, "a timestamp is a date"),
        ({"columns": {"person_id": int}}, "must be str"),
        ({"columns": {"admitted_on": str}}, "must be date"),
        ({"happened": "person_id"}, "both as its key and as a date"),
        ({"required": ["wards"]}, "The nearest right name is 'ward'."),
        ({"unique": ["person_id", "nigths"]}, "The nearest right name is 'nights'."),
        ({"settled": {"result": "resulted"}}, "The nearest right name is 'resulted_on'."),
        ({"settled": {"result": "ward"}}, "which is not a date"),
        ({"keeps": "everything"}, "keeps= is one of 'history', 'latest'"),
        ({"dates": "us"}, "dates= is one of 'iso', 'uk'"),
        ({"covers": (date(2020, 1, 1), date(2019, 1, 1))}, "ends before it begins"),
        ({"breaks": ("2021-09-01",)}, "the days from which the records mean something else"),
        ({"breaks": (date(2022, 9, 1), date(2021, 9, 1))}, "each once, in order"),
        ({"breaks": (date(2021, 9, 1), date(2021, 9, 1))}, "each once, in order"),
        ({"breaks": (date(2021, 9, 1),), "covers": (date(2021, 9, 1), None)}, "inside covers="),
        ({"breaks": (date(2021, 9, 1),), "covers": (None, date(2021, 8, 31))}, "inside covers="),
    ],
)
def test_a_wrong_source_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        source(**changes)
    assert said in str(caught.value)


def test_sensitivity_has_an_order() -> None:
    assert [level.rank for level in (Sensitivity.PUBLIC, Sensitivity.PERSONAL, Sensitivity.SPECIAL)] == [0, 1, 2]


def test_a_title_says_what_a_source_is_called_and_left_out_is_no_part_of_the_declaration() -> None:
    from riskmodel.declare.plain import plain
    from riskmodel.reporting.wording import source_words

    bare = Source("eyfsp", "A row", partner="Schools", agreement="A-1", key="id", happened="on", columns={})
    titled = Source(
        "eyfsp", "A row", title="The Profile", partner="Schools", agreement="A-1", key="id", happened="on", columns={}
    )
    assert (source_words(bare), source_words(titled)) == ("eyfsp", "The Profile")
    assert "title" not in plain(bare)
    assert plain(titled)["title"] == "The Profile"
    with pytest.raises(DeclarationError, match="title of source 'eyfsp'"):
        Source("eyfsp", "A", title=" ", partner="S", agreement="A-1", key="id", happened="on", columns={})

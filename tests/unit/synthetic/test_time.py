"""Nothing is received before it happened or after the extract, and what is called complete is complete."""

from __future__ import annotations

import tomllib
from datetime import date

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pytest

from pipelines.synthetic import timeline
from pipelines.synthetic.draw import Streams, day
from pipelines.synthetic.invent import invent
from pipelines.synthetic.presets import PRESETS
from riskmodel.progress import SILENT

from .conftest import DAYS


@pytest.mark.parametrize("name", DAYS)
def test_known_after_it_happened_and_before_the_extract(vange, name):
    table = vange.tables[name]
    assert (table.received_on >= table[DAYS[name]]).all()
    assert table.received_on.max() <= pd.Timestamp("2025-10-31")
    assert len(table) > 100


def test_the_day_up_to_which_a_table_is_complete(vange):
    """Whatever happened by then has been received: lay out the tables again, without leaving out late rows."""
    stated = tomllib.loads((vange.folder / "extracts" / "extracts.toml").read_text(encoding="utf-8"))
    tables = invent(PRESETS["vange_ward"](), 3_000, Streams(5), SILENT)[2]
    assert {table.name for table in tables} == stated.keys()
    for table in tables:
        assert stated[table.name]["extracted_on"] == date(2025, 10, 31)
        complete_to = (stated[table.name]["complete_to"] - date(1970, 1, 1)).days
        happened = pc.cast(table.columns[DAYS[table.name]], "int32").to_numpy()
        if table.name == "residence":  # a row that closes a spell tells of its end
            happened = pc.cast(pc.coalesce(table.columns["moved_out"], table.columns["moved_in"]), "int32").to_numpy()
        late = (happened <= complete_to) & (table.received > timeline.EXTRACTED_ON)
        assert late.mean() < 0.0005, table.name


def test_profiles_fall_in_the_years_that_had_them(vange):
    years = vange.tables["eyfsp"].groupby("academic_year").size()
    assert years.index.tolist() == [2018, 2019, 2022, 2023, 2024, 2025]


@pytest.mark.parametrize("year", [2016, 2017, 2020, 2021, 2022, 2023])
def test_three_year_olds_are_profiled_two_summers_later(vange, year):
    people = vange.tables["people"].drop_duplicates("person_id")
    turned = people.date_of_birth + pd.DateOffset(years=3)
    three = people[(turned <= f"{year}-09-01") & (turned > f"{year - 1}-09-01")]
    profiles = vange.tables["eyfsp"].set_index("person_id")
    share = three.person_id.isin(profiles.index).mean()
    assert 0.9 < share <= 0.99
    assert (profiles.academic_year.reindex(three.person_id).dropna() == year + 2).mean() > 0.99


def test_school_years():
    born = np.array([day(2018, 9, 1), day(2019, 8, 31), day(2019, 9, 1)])
    assert timeline.profile_year(born).tolist() == [2024, 2024, 2025]
    assert timeline.reception_starts(born).tolist() == [day(2023, 9, 1), day(2023, 9, 1), day(2024, 9, 1)]


def test_under_five():
    born = np.array([day(2020, 9, 1), day(2020, 9, 2), day(2025, 9, 1), day(2025, 9, 2)])
    assert timeline.under_five_on(born, day(2025, 9, 1)).tolist() == [False, True, True, False]

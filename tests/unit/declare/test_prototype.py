"""Prototypes: stable digests, the sources they need, and whose records their cases can reach."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from riskmodel.declare import Cohort, Outcome, Output, Prototype, Scope, Source, at_least, between, count, has, latest
from riskmodel.errors import DeclarationError
from riskmodel.periods import months

PROVENANCE: dict[str, Any] = {"partner": "County", "agreement": "ISA-1"}
people = Source(
    "people", "A person", key="person_id", happened="seen_on", columns={"sex": str, "ward": str}, **PROVENANCE
)
homes = Source("homes", "A home", key="home_id", happened="seen_on", columns={"ward": str}, **PROVENANCE)
stays = Source(
    "stays", "A stay", key="person_id", happened="from_on", ends="until_on", columns={"home_id": str}, **PROVENANCE
)
calls = Source(
    "calls",
    "A call",
    key="person_id",
    happened="called_on",
    columns={"late": bool},
    **(PROVENANCE | {"agreement": "ISA-2"}),
)
bills = Source("bills", "A bill", key="home_id", happened="billed_on", columns={"paid": bool}, **PROVENANCE)
pets = Source("pets", "A pet", key="pet_id", happened="born_on", columns={"kind": str}, **PROVENANCE)

home = Scope("the home", via=stays, group="home_id")
some = Scope("some of the home", via=stays, group="home_id", where="person_id <> ''")


def declared(**changes: Any) -> Prototype:
    parts: dict[str, Any] = {
        "name": "late_calls",
        "question": "Who will call late?",
        "cohort": Cohort("Everybody", people, area="ward", together=home),
        "outcome": Outcome(calls, "calls_late", "Calls late", where="late", within=months(6), no_record="negative"),
        "features": [count(calls, "calls_1y", "more calls", within=months(12))],
        "audit": [latest(people, "sex", "sex", "sex", levels=["F", "M"], protected=True)],
        "success": [between("oe", 0.8, 1.2), at_least("auroc", 0.6)],
        "capacity": 0.1,
        "output": Output.INDIVIDUAL,
        "use": "Call earlier",
        "never": "Charge more",
        "owner": "Call centre",
        "expires": months(6),
        "train_as_of": [date(2022, 6, 1), date(2021, 6, 1)],
        "test_as_of": [date(2023, 6, 1)],
        "score_as_of": date(2024, 6, 1),
    }
    return Prototype(**parts | changes)


def test_the_sources_it_needs_come_once_and_by_name() -> None:
    made = declared(features=[has(bills, "unpaid", "a bill is unpaid", of=home, where="NOT paid")])
    assert [source.name for source in made.sources] == ["bills", "calls", "people", "stays"]
    assert made.agreements == ("ISA-1", "ISA-2")


def test_lists_become_tuples_and_dates_are_in_order() -> None:
    made = declared()
    assert made.train_as_of == (date(2021, 6, 1), date(2022, 6, 1))
    assert isinstance(made.features, tuple)
    assert declared(train_as_of=[date(2021, 6, 1)]).calibrate_as_of == ()


def test_the_declaration_is_json_and_holds_everything() -> None:
    text = json.dumps(declared().declaration())
    for part in ("calls_1y", "12 months", "Call centre", "ISA-2", "late", "2023-06-01", "auroc", "individual"):
        assert part in text


def test_the_digest_is_the_same_in_every_process() -> None:
    program = (
        "import importlib.util as u, sys; s = u.spec_from_file_location('made', sys.argv[1]); "
        "m = u.module_from_spec(s); s.loader.exec_module(m); print(m.declared().digest())"
    )
    root = Path(__file__).parents[3]
    said = {
        subprocess.run(
            [sys.executable, "-c", program, __file__],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert said == {declared().digest()}


@pytest.mark.parametrize(
    "changes",
    [
        {"use": "Call much earlier"},
        {"capacity": 0.2},
        {"features": [count(calls, "calls_1y", "more calls", within=months(11))]},
        {"success": [at_least("auroc", 0.61)]},
        {"test_as_of": [date(2023, 6, 2)]},
    ],
)
def test_the_digest_changes_with_anything_declared(changes: dict[str, Any]) -> None:
    assert declared(**changes).digest() != declared().digest()


@pytest.mark.parametrize(
    ("cohort", "source", "of"),
    [
        (people, calls, None),
        (people, calls, home),
        (people, bills, home),
        (homes, calls, home),
        (homes, bills, None),
        (homes, bills, home),
    ],
)
def test_records_that_can_be_reached(cohort: Source, source: Source, of: Scope | None) -> None:
    outcome = Outcome(calls, "calls_late", "Late", where="late", within=months(6), of=home)
    has_it = has(source, "has_it", "has it", of=of)
    assert declared(cohort=Cohort("Cases", cohort), outcome=outcome, features=[has_it], audit=[])


@pytest.mark.parametrize(
    ("cohort", "source", "of", "said"),
    [
        (people, bills, None, "Reach them with a scope"),
        (people, pets, home, "'person_id' or 'home_id'"),
        (homes, calls, None, "Reach them with a scope"),
        (pets, calls, home, "the cases are keyed by 'pet_id'"),
        (people, bills, some, "where= of a scope chooses members"),
    ],
)
def test_records_that_cannot_be_reached(cohort: Source, source: Source, of: Scope | None, said: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        Cohort("Cases", cohort, having=[has(source, "has_it", "has it", of=of)])
    assert said in str(caught.value)


def test_cases_are_kept_together_by_a_scope_that_knows_them() -> None:
    with pytest.raises(DeclarationError, match="which is neither"):
        Cohort("Pets", pets, together=home)
    with pytest.raises(DeclarationError, match="nearest right name is 'ward'"):
        Cohort("Everybody", people, together="wards")


def test_a_feature_is_found_by_name() -> None:
    assert declared().feature("sex").protected
    with pytest.raises(DeclarationError, match="nearest right name is 'calls_1y'"):
        declared().feature("calls_2y")


def test_a_cohort_says_what_a_case_is_called_and_what_is_kept_whole() -> None:
    plain = Cohort("Everybody", people)
    assert (plain.called, plain.unit) == (("case", "cases"), "case")
    named = Cohort("Everybody", people, together=home, called=["child", "children"])
    assert named.called == ("child", "children")
    assert named.unit == home.group.removesuffix("_id").replace("_", " ")
    for wrong in ("child", ("child",), ("child", " ")):
        with pytest.raises(DeclarationError):
            Cohort("Everybody", people, called=wrong)


def test_what_help_is_called_counts_in_the_digest_only_when_it_is_declared() -> None:
    plain, called = declared(), declared(help_called=["call", "calls"])
    assert plain.help_called == ("visit", "visits")
    assert called.help_called == ("call", "calls")
    assert "help_called" not in plain.declaration()
    assert called.declaration()["help_called"] == ["call", "calls"]
    assert declared(help_called=("visit", "visits")).digest() == plain.digest() != called.digest()
    for wrong in ("call", ("call",), ("call", " ")):
        with pytest.raises(DeclarationError, match="help_called"):
            declared(help_called=wrong)

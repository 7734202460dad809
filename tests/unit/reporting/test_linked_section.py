"""The section on whose records were found: told of all groups of an attribute or of none."""

from dataclasses import replace
from types import SimpleNamespace

from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.linked import LinkedShare
from riskmodel.evaluation.results import Estimate
from riskmodel.reporting.sections.linked import linked
from tests.unit.reporting.test_workload_and_calibrated import material_of, tables


def share(attribute, group, n, found, less=None):
    low = None if less is None else less - 0.03
    difference = None if less is None else Estimate(less, low, less + 0.03, n, 100)
    estimate = Estimate(found / n, found / n - 0.02, found / n + 0.02, n, 100)
    return LinkedShare("Clinics", attribute, group, n, found, estimate, difference)


def section_of(*shares):
    fairness = SimpleNamespace(linked=shares, sample="")
    return linked(replace(material_of(), evidence=Evidence("invented", fairness=fairness)))


def test_shares_come_from_rounded_counts_and_clear_differences_are_named():
    section = section_of(share("sex", "F", 462, 400), share("sex", "M", 438, 300, 0.18))
    (table,) = tables(section).values()
    assert [row[2].text for row in table.rows] == ["87% (85% to 89%)", "68% (66% to 70%)"]
    said = section.blocks[1].items
    assert len(said) == 1
    assert "18 (15 to 21) percentage points fewer have a record at Clinics" in said[0]


def test_a_group_of_whom_few_have_no_record_hides_the_partner_for_its_attribute():
    few = (share("sex", "F", 462, 458), share("sex", "M", 438, 300, 0.3))
    assert section_of(*few) is None
    other = (share("group", "a", 535, 450), share("group", "b", 320, 260))
    assert list(tables(section_of(*few, *other))) == ["linked-group"]


def test_groups_left_out_cannot_be_had_by_subtraction():
    """Of 900 by sex, 700 have a record; the two printed groups hold 860 with 665, so 5 of the other 40 have none."""
    sexes = (share("sex", "F", 462, 400), share("sex", "M", 438, 300))
    left = (share("group", "a", 540, 430), share("group", "b", 320, 235))
    assert list(tables(section_of(*sexes, *left))) == ["linked-sex"]


def test_without_a_partner_to_ask_there_is_no_section():
    assert section_of() is None
    assert linked(replace(material_of(), evidence=Evidence("invented"))) is None

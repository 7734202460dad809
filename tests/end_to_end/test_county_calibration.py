"""The invented England against published rates: 50,000 children, each figure within its tolerance.

A group of fewer than 1,500 children may miss its tolerance by its sampling error (95%); larger ones may not.
Percentages are of children unless a row says otherwise.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from pipelines.synthetic import make_county

pytestmark = pytest.mark.slow

GOALS = ["lau", "spk", "sr", "ms", "br", "gm", "fm", "comp", "wr", "wri", "num", "np", "pp", "pcc", "nw", "cm", "bie"]
DOMAINS = ["communication", "gross_motor", "fine_motor", "problem_solving", "personal_social"]
ASQ_CUTS = np.array([25.2, 38.1, 35.2, 29.8, 31.5])
GROUPS = ["White", "Asian", "Black", "Mixed", "Other", "Unknown"]
SMALL = 1_500


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """Read what the tests need of the invented England."""
    folder = tmp_path_factory.mktemp("england")
    make_county(folder / "extracts", preset="england_like", children=50_000, truth=folder / "truth")

    def csv(name, **options):
        return pd.read_csv(folder / "extracts" / name, **options)

    def parquet(part, name):
        return pd.read_parquet(folder / part / f"{name}.parquet")

    children = parquet("truth", "children").join(parquet("truth", "families").set_index("family"), on="family")
    children["born_on"] = pd.to_datetime(children["born_on"])
    children["start_on"] = pd.to_datetime(children["start_on"])
    profiles = csv("eyfsp.csv", dtype={"framework": str, **dict.fromkeys(GOALS, str)})
    profiles = profiles.merge(children, on="person_id", suffixes=("", "_true"))
    return SimpleNamespace(
        children=children,
        new=profiles[profiles.framework == "2021"],
        old=profiles[profiles.framework == "2012"],
        births=csv("births.csv"),
        asq=csv("asq3.csv"),
        visits=parquet("extracts", "health_visits"),
        decile=_decile_in_reception(profiles, parquet("extracts", "people"), parquet("extracts", "households")),
    )


def _decile_in_reception(profiles, people, households):
    """Return each child's IDACI tenth by the address that the register holds in June."""
    decile = households.drop_duplicates("lsoa_code").set_index("lsoa_code")["idaci_decile"]
    moved = people[pd.to_datetime(people["recorded_on"]) <= "2025-06-30"]
    both = moved.merge(profiles[["person_id", "assessed_on"]], on="person_id")
    both = both[pd.to_datetime(both["recorded_on"]) <= pd.to_datetime(both["assessed_on"])]
    last = both.sort_values("recorded_on", kind="stable").drop_duplicates("person_id", keep="last")
    return last.set_index("person_id")["lsoa_code"].map(decile)


def rows(text):
    """Return the rows of a table written as text, numbers as numbers."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()[1:]]
    return [pytest.param(name, *(float(cell) for cell in cells), id=name) for name, *cells in lines]


def assert_near(name, observed, target, tolerance, n):
    slack = 1.96 * np.sqrt(target * (100 - target) / n) if n < SMALL else 0.0
    assert abs(observed - target) <= tolerance + slack, (
        f"{name}: observed {observed:.2f} in {n:,}, target {target:g} +- {tolerance:g}"
        + (f" and {slack:.1f} of sampling error" if slack else "")
    )


def odds(share):
    return share / (1 - share)


def odds_ratio(exposed, outcome):
    return odds(outcome[exposed].mean()) / odds(outcome[~exposed].mean())


def logistic_fit(x, y):
    """Return the coefficients of a plain logistic regression and their standard errors, without the intercept."""
    design = np.column_stack([np.ones(len(x)), x])
    beta = np.zeros(design.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-design @ beta))
        information = (design.T * (p * (1 - p))) @ design
        beta += np.linalg.solve(information, design.T @ (y - p))
    return beta[1:], np.sqrt(np.diag(np.linalg.inv(information)))[1:]


# --- Section B: children and families ------------------------------------------------------------------------------

CHILDREN = """
figure               | percent | tolerance
male                 | 51.2    | 0.7
White                | 68.0    | 1.0
Asian                | 12.9    | 1.0
Black                | 5.9     | 0.6
Mixed                | 7.5     | 0.6
english additional   | 20      | 1.0
universal credit     | 32      | 1.5
workless             | 9       | 1.0
social rent          | 20      | 1.5
owner                | 58      | 2.0
crowded              | 8       | 1.0
mental health        | 20      | 1.0
substance            | 5       | 0.5
illness              | 16      | 1.0
"""


@pytest.mark.parametrize(("figure", "target", "tolerance"), rows(CHILDREN))
def test_who_the_children_are(county, figure, target, tolerance):
    c = county.children
    flags = {
        "male": c.male,
        **{group: c.ethnic_group == group for group in GROUPS},
        "english additional": c.english_additional,
        "universal credit": c.credit,
        "workless": c.workless,
        "social rent": c.tenure == "social_rent",
        "owner": c.tenure == "owner",
        "crowded": c.crowded,
        "mental health": c.mental_health,
        "substance": c.substance,
        "illness": c.illness,
    }[figure]
    assert_near(figure, 100 * flags.mean(), target, tolerance, len(c))


BIRTHS = """
figure                | value | tolerance
under 2,500 g         | 7.0   | 0.7
before 37 weeks       | 7.4   | 0.5
smoked                | 9     | 1.0
never breastfed       | 27    | 1.0
mother under 20       | 2.5   | 0.7
first child           | 42    | 2.0
second child          | 35    | 2.0
no qualifications     | 8     | 1.0
degree                | 28    | 1.0
mother's mean age     | 30.8  | 0.4
sd of mother's age    | 5.5   | 0.3
"""


@pytest.mark.parametrize(("figure", "target", "tolerance"), rows(BIRTHS))
def test_births(county, figure, target, tolerance):
    b = county.births
    age = b.mothers_age + 0.5
    value = {
        "under 2,500 g": 100 * (b.birthweight_g < 2500).mean(),
        "before 37 weeks": 100 * (b.gestation_weeks < 37).mean(),
        "smoked": 100 * b.smoked.mean(),
        "never breastfed": 100 * (~b.breastfed).mean(),
        "mother under 20": 100 * (b.mothers_age < 20).mean(),
        "first child": 100 * (b.birth_order == 1).mean(),
        "second child": 100 * (b.birth_order == 2).mean(),
        "no qualifications": 100 * (b.mothers_education == "none").mean(),
        "degree": 100 * (b.mothers_education == "degree").mean(),
        "mother's mean age": age.mean(),
        "sd of mother's age": age.std(),
    }[figure]
    assert_near(figure, value, target, tolerance, len(b))


def test_lone_parents_and_moves_by_five(county):
    c = county.children[county.children.academic_year <= 2025]
    two = c.born_on + pd.Timedelta(days=730)
    lone = c.lone | (pd.to_datetime(c.partner_left_on) <= two)
    assert_near("lone parent at two", 100 * lone.mean(), 20, 2.5, len(c))
    assert abs(c.home_moves.mean() - 0.79) < 0.06, f"mean number of moves by five {c.home_moves.mean():.2f}, target .79"
    assert_near("three or more moves", 100 * (c.home_moves >= 3).mean(), 6.5, 1.5, len(c))


# --- Sections C1 and C3: a good level of development ---------------------------------------------------------------

JOINT = """
figure                                  | percent | tolerance
good level                              | 67.7    | 1.0
all seventeen goals                     | 66.2    | 1.0
communication, language and literacy    | 69.2    | 1.0
literacy                                | 70.5    | 1.5
all prime goals                         | 74.9    | 2.0
good level, old framework               | 71.8    | 1.5
free school meals registered            | 21      | 1.5
learning support                        | 10.5    | 1.5
education, health and care plan         | 3       | 0.7
"""


@pytest.mark.parametrize(("figure", "target", "tolerance"), rows(JOINT))
def test_joint_attainment(county, figure, target, tolerance):
    new, old = county.new, county.old
    met = new[GOALS] == "2"
    flags = {
        "good level": new.good_level,
        "all seventeen goals": met.all(axis=1),
        "communication, language and literacy": met[["lau", "spk", "comp", "wr", "wri"]].all(axis=1),
        "literacy": met[["comp", "wr", "wri"]].all(axis=1),
        "all prime goals": met[GOALS[:7]].all(axis=1),
        "good level, old framework": old.good_level,
        "free school meals registered": new.free_school_meals,
        "learning support": new.sen == "support",
        "education, health and care plan": new.sen == "ehcp",
    }[figure]
    assert_near(figure, 100 * np.mean(flags), target, tolerance, len(flags))


def test_mean_number_of_goals(county):
    mean = (county.new[GOALS] == "2").sum(axis=1).mean()
    assert abs(mean - 14.1) <= 0.15, f"mean number of goals {mean:.2f}, target 14.1 +- .15"


MARGINALS = """
group                  | percent | tolerance
boys                   | 60.7    | 1.5
girls                  | 75.0    | 1.5
free meals             | 51.5    | 1.5
no free meals          | 72.0    | 1.5
english additional     | 63.5    | 2
english                | 69.7    | 2
born in autumn         | 75.6    | 1.5
born in summer         | 60.0    | 1.5
White                  | 69.2    | 2
Asian                  | 66.9    | 2
Black                  | 62.3    | 2
Mixed                  | 69.5    | 2
Other                  | 60.2    | 2
most deprived tenth    | 58.5    | 3
least deprived tenth   | 77      | 3
no learning support    | 75      | 4
learning support       | 25      | 4
plan                   | 4       | 4
"""


@pytest.mark.parametrize(("group", "target", "tolerance"), rows(MARGINALS))
def test_good_level_by_group(county, group, target, tolerance):
    new = county.new
    month, decile = new.born_on.dt.month, new.person_id.map(county.decile)
    members = {
        "boys": new.male,
        "girls": ~new.male,
        "free meals": new.free_school_meals,
        "no free meals": ~new.free_school_meals,
        "english additional": new.english_additional,
        "english": ~new.english_additional,
        "born in autumn": month.isin([9, 10, 11, 12]),
        "born in summer": month.isin([5, 6, 7, 8]),
        **{name: new.ethnic_group == name for name in GROUPS},
        "most deprived tenth": decile == 1,
        "least deprived tenth": decile == 10,
        "no learning support": new.sen == "none",
        "learning support": new.sen == "support",
        "plan": new.sen == "ehcp",
    }[group]
    assert_near(group, 100 * new.good_level[members].mean(), target, tolerance, int(members.sum()))


# --- Section C2: adjusted odds ratios ------------------------------------------------------------------------------

ODDS = """
predictor               | least | most
male                    | 0.44  | 0.58
month older             | 1.08  | 1.13
free meals              | 0.57  | 0.74
universal credit        | 0.72  | 0.92
english additional      | 0.70  | 0.97
born before 32 weeks    | 0.36  | 0.60
born at 32 to 36 weeks  | 0.60  | 0.85
true abuse              | 0.62  | 0.82
mother without any      | 0.27  | 0.45
each home move          | 0.87  | 0.99
"""


@pytest.fixture(scope="module")
def adjusted(county):
    """Return the adjusted log odds ratio of each predictor and its standard error."""
    new = county.new
    august = pd.to_datetime(new.academic_year.astype(str) + "-08-31")
    columns = {
        "male": new.male,
        "month older": (august - new.born_on).dt.days / 30.44,
        "free meals": new.free_school_meals,
        "universal credit": new.credit,
        "english additional": new.english_additional,
        "born before 32 weeks": new.preterm == "under_32_weeks",
        "born at 32 to 36 weeks": new.preterm == "32_to_36_weeks",
        "true abuse": new.abuse_exposed,
        "mother without any": new.education == 0,
        "each home move": new.home_moves.clip(upper=4),
        "age": new.mothers_age - 30,
        "workless": new.workless,
        "breast": new.never_breastfed,
        "smoked": new.smoked,
        "decile": new.person_id.map(county.decile).fillna(5.5),
        **{f"education {k}": new.education == k for k in (1, 2, 3)},
        **{group: new.ethnic_group == group for group in GROUPS[1:]},
    }
    x = np.column_stack([np.asarray(column, float) for column in columns.values()])
    beta, error = logistic_fit(x, new.good_level.to_numpy(float))
    return dict(zip(columns, zip(beta, error, strict=True), strict=True))


@pytest.mark.parametrize(("predictor", "least", "most"), rows(ODDS))
def test_adjusted_odds_of_a_good_level(adjusted, predictor, least, most):
    beta, error = adjusted[predictor]
    slack = 1.96 * error if error > 0.1 else 0.0  # a rare thing may miss by its sampling error
    assert np.log(least) - slack <= beta <= np.log(most) + slack, (
        f"{predictor}: odds ratio {np.exp(beta):.2f} (standard error of its logarithm {error:.2f}), {least} to {most}"
    )


def test_brothers_and_sisters_resemble_each_other(county):
    both = pd.concat([county.new, county.old])[["family", "person_id", "latent"]].copy()
    both["rank"] = both.latent.rank()
    pairs = both.merge(both, on="family").query("person_id_x < person_id_y")
    alike = pairs.rank_x.corr(pairs.rank_y)
    assert 0.28 < alike < 0.42, f"correlation within families {alike:.2f}, target about .35"


# --- Section C4: reviews and the ASQ-3 -----------------------------------------------------------------------------

REVIEWS = """
figure            | percent | tolerance
new birth         | 98.0    | 0.5
within 14 days    | 85.2    | 1.0
six weeks         | 84      | 1.5
one year          | 85      | 1.5
two years         | 80.5    | 1.5
below in any area | 20      | 1.5
communication     | 85.3    | 1.0
gross_motor       | 92.8    | 1.0
fine_motor        | 92.6    | 1.0
problem_solving   | 91.8    | 1.0
personal_social   | 90.3    | 1.0
"""


@pytest.mark.parametrize(("figure", "target", "tolerance"), rows(REVIEWS))
def test_reviews_and_asq(county, figure, target, tolerance):
    v, due = county.visits, pd.to_datetime(county.visits["due_on"])
    scored = county.asq[DOMAINS].dropna()
    ok = dict(zip(DOMAINS, (scored >= ASQ_CUTS).to_numpy().T, strict=True))
    before_covid = (v.review == "two_year") & (due < "2021-09-01")
    flags = {
        "new birth": v.completed[v.review == "new_birth"],
        "within 14 days": (v.completed & (v.days_late == 0))[v.review == "new_birth"],
        "six weeks": v.completed[v.review == "six_week"],
        "one year": v.completed[v.review == "one_year"],
        "two years": v.completed[before_covid],
        "below in any area": county.asq.areas_below > 0,
        **ok,
    }[figure]
    assert_near(figure, 100 * np.mean(flags), target, tolerance, len(flags))


def test_asq_foretells_the_profile(county):
    both = county.new.merge(county.asq, on="person_id")
    ratio = odds_ratio(both.areas_below == 0, both.good_level)
    assert 3 <= ratio <= 4, f"odds ratio of a good level, ASQ-3 ok against below: {ratio:.2f}, target 3 to 4"

"""The project on the Tennessee experiment: its kindergarten children are real, schools and grade 1 are invented here.

The file in `tests/data/star` holds kindergarten children without schools, teachers or later grades. What it lacks is
invented below, so that the commands have two cohorts in forty schools; no figure of these tests is one of the study
but those of kindergarten itself.
"""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from riskmodel import project as projects
from riskmodel.engine.build import build_warehouse
from riskmodel.engine.matrix import DesignMatrix
from riskmodel.engine.run import build_matrix
from riskmodel.evaluation.results import Evaluation
from riskmodel.modelling.splits import split_by_household_and_time
from riskmodel.modelling.training import Training
from riskmodel.project import Project
from tests.unit.reporting.insider import leaks_of_project

ROOT = Path(__file__).parents[2]
STAR = ROOT / "examples" / "star"
DATA = ROOT / "tests" / "data" / "star"
KINDERGARTEN, GRADE_1 = date(1985, 10, 1), date(1986, 10, 1)
NAME = "low_reading"
COMMAND = "from riskmodel.cli.main import run; run()"
SCHOOLS = 40

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def real() -> pd.DataFrame:
    """The real kindergarten children, by number."""
    return pd.read_csv(DATA / "kindergarten.csv.gz", dtype={"pupil_row": str}).set_index("pupil_row")


def in_schools(children: pd.DataFrame, grade: str, rng: np.random.Generator) -> pd.DataFrame:
    """Invent the school and the teacher of each child in a grade."""
    school = rng.integers(1, SCHOOLS + 1, len(children))
    invented = {
        f"schoolid{grade}": school.astype(float),
        f"school{grade}": np.array(["rural", "inner-city", "suburban", "urban"])[school % 4],
        f"degree{grade}": rng.choice(["bachelor", "master"], len(children)),
        f"experience{grade}": rng.integers(0, 30, len(children)).astype(float),
    }
    return children.assign(**invented)


@pytest.fixture(scope="module")
def original(real: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table in the published form: two thirds of the children go on to grade 1, and 1,500 invented ones join."""
    rng = np.random.default_rng(7)
    kindergarten = in_schools(real, "k", rng)
    stay = kindergarten.sample(frac=2 / 3, random_state=7)
    joined = real.sample(1500, random_state=8).drop(columns=["readk", "stark", "lunchk"])
    joined.index = pd.Index([f"9{number}" for number in range(100_000, 101_500)], name="pupil_row")
    for_free = real.loc[rng.choice(real.index, 1500), "lunchk"].to_numpy()
    joined = joined.assign(lunch1=for_free, star1=rng.choice(["small", "regular", "regular+aide"], 1500))
    noise = rng.normal(0, 50, 1500)
    joined["read1"] = (510 + noise - 25 * (joined.lunch1 == "free")).round()
    joined.loc[joined.index[:150], "read1"] = np.nan
    stay = stay[["gender", "ethnicity", "birth"]].assign(lunch1=stay.lunchk, star1=stay.stark, read1=stay.readk + 90)
    grade_1 = in_schools(pd.concat([stay, joined]), "1", rng)
    both = kindergarten.combine_first(grade_1)
    path = tmp_path_factory.mktemp("star") / "STAR.csv.gz"
    both.to_csv(path, na_rep="NA")
    return path


def prepare(original: Path, extracts: Path) -> dict[str, int]:
    rows: dict[str, int] = runpy.run_path(str(STAR / "prepare.py"))["prepare"](original, extracts)
    return rows


@pytest.fixture(scope="module")
def folder(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with its extracts."""
    made = tmp_path_factory.mktemp("project") / "star"
    ignored = shutil.ignore_patterns("data", "runs", "scores", "model_cards", "mlflow.db", "mlartifacts", "__pycache__")
    shutil.copytree(STAR, made, ignore=ignored)
    prepare(original, made / "data" / "extracts")
    return made


@pytest.fixture(scope="module")
def project(folder: Path) -> Iterator[Project]:
    """The loaded project; the repository's own `features` and `pipelines` come back afterwards."""
    path, ours = list(sys.path), {n: m for n, m in sys.modules.items() if n.split(".")[0] in ("features", "pipelines")}
    for name in ours:
        del sys.modules[name]
    yield projects.load(folder)
    sys.path[:] = path
    for name in [n for n in sys.modules if n.split(".")[0] in ("features", "pipelines")]:
        del sys.modules[name]
    sys.modules.update(ours)


@pytest.fixture(scope="module")
def matrix(project: Project) -> DesignMatrix:
    chosen = project.prototype(NAME)
    warehouse = build_warehouse(project.sources, project.extracts, project.warehouse, scopes=chosen.scopes)
    return build_matrix(chosen, warehouse)


def at(matrix: DesignMatrix, day: date) -> pd.DataFrame:
    """Features, outcome and component of the children of a cohort, by child."""
    rows = (matrix.as_of == pd.Timestamp(day)).to_numpy()
    table = matrix.X.assign(y=matrix.y, component=matrix.component)
    return table[rows].set_index(matrix.keys[rows].to_numpy())


def test_low_reading_is_what_r_counts(matrix: DesignMatrix, real: pd.DataFrame) -> None:
    expected = json.loads((DATA / "expected_values_R.json").read_text(encoding="utf-8"))
    low = at(matrix, KINDERGARTEN).y.reindex(real.index)
    np.testing.assert_array_equal(low, (real.readk < expected["cut"]).astype(float))
    complete = real.dropna().index
    assert (len(complete), low[complete].sum()) == (expected["n"], expected["events"])


def test_a_missing_file_or_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"no file .*nowhere\.csv"):
        prepare(tmp_path / "nowhere.csv", tmp_path / "extracts")
    (tmp_path / "short.csv").write_text("rownames,gender\n1,male\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"lacks ethnicity, birth, stark, .*schoolid1"):
        prepare(tmp_path / "short.csv", tmp_path / "extracts")


def test_the_later_cohort_is_who_was_not_there_before(matrix: DesignMatrix, real: pd.DataFrame) -> None:
    first, later = at(matrix, KINDERGARTEN), at(matrix, GRADE_1)
    assert set(first.index) == set(real.index)
    assert set(later.index) == {f"9{number}" for number in range(100_000, 101_500)}
    assert later.y.isna().sum() == 150, "who has no score is not taken to read well"


def test_features_are_what_counting_by_hand_gives(matrix: DesignMatrix, original: Path) -> None:
    table = pd.read_csv(original, index_col=0)
    table.index = table.index.astype(str)
    quarters = 4 * table.birth.str[:4].astype(float) + table.birth.str[-1:].astype(float)
    for day, grade, youngest in ((KINDERGARTEN, "k", 4 * 1980 + 3), (GRADE_1, "1", 4 * 1980 + 3)):
        found = at(matrix, day)
        hand = table.reindex(found.index)
        # Born in the youngest quarter that may enter: nine months younger than those of the oldest usual one.
        late = quarters.reindex(found.index) - (youngest - 3)
        np.testing.assert_allclose(found.young_for_class, (3 * late).clip(lower=0))
        np.testing.assert_array_equal(found.year_older, np.where(late.isna(), np.nan, late < 0))
        lunch = hand[f"lunch{grade}"].map({"free": 1.0, "non-free": 0.0})
        np.testing.assert_array_equal(found.free_lunch, lunch)
        np.testing.assert_array_equal(found.teacher_experience, hand[f"experience{grade}"])
        assert found.class_type.astype(str).tolist() == hand[f"star{grade}"].tolist()
        assert 0 < found.year_older.mean() < 1
    assert at(matrix, KINDERGARTEN).free_lunch.isna().any(), "not known is not the same as not entitled"


def test_no_school_is_on_both_sides(project: Project, matrix: DesignMatrix, original: Path) -> None:
    chosen = project.prototype(NAME)
    split = split_by_household_and_time(matrix, chosen.train_as_of, chosen.test_as_of, chosen.outcome.within)
    table = pd.read_csv(original, index_col=0)
    table.index = table.index.astype(str)
    schools = [
        set(table.loc[matrix.keys.iloc[rows], column])
        for rows, column in ((split.fit, "schoolidk"), (split.test, "schoolid1"))
    ]
    assert [len(side) for side in schools] == [SCHOOLS // 2, SCHOOLS // 2]
    assert not schools[0] & schools[1]
    assert "dealt out at random" in split.note


def test_nothing_learnt_after_1_october_changes_a_feature(
    project: Project, matrix: DesignMatrix, tmp_path: Path
) -> None:
    shutil.copytree(project.extracts, tmp_path / "extracts")
    for name, known in {"enrolments": "known_on", "classes": "known_on", "reading": "scored_on"}.items():
        path = tmp_path / "extracts" / f"{name}.parquet"
        table = pd.read_parquet(path)
        earlier = table[pd.to_datetime(table[known]) <= pd.Timestamp(KINDERGARTEN)]
        assert len(earlier) < len(table)
        earlier.to_parquet(path)
    # No reading score was known by then, and a source needs one: that of a child in neither cohort.
    other = {"child_id": ["0"], "tested_on": [date(1985, 4, 15)], "scored_on": [date(1985, 6, 30)]}
    nobody = pd.DataFrame(other | {"grade": ["K"], "score": [400.0], "low_reading": [True]})
    nobody.to_parquet(tmp_path / "extracts" / "reading.parquet")
    chosen = project.prototype(NAME)
    warehouse = build_warehouse(project.sources, tmp_path / "extracts", tmp_path / "warehouse", scopes=chosen.scopes)
    then = build_matrix(chosen, warehouse, KINDERGARTEN)
    now = matrix.rows((matrix.as_of == pd.Timestamp(KINDERGARTEN)).to_numpy())
    pd.testing.assert_frame_equal(then.X, now.X)
    assert then.keys.tolist() == now.keys.tolist()
    assert then.y.isna().all()


@pytest.fixture(scope="module")
def finished(folder: Path) -> subprocess.CompletedProcess[str]:
    """The project after `riskmodel run`."""
    return riskmodel(folder, "run", NAME, "--resamples", "100", "--refits", "5")


def riskmodel(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", COMMAND, "--project", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )


def test_the_commands_run_it_and_will_not_have_it_used(
    folder: Path, finished: subprocess.CompletedProcess[str]
) -> None:
    checked = riskmodel(folder, "check")
    assert checked.returncode == 0, checked.stderr
    result = Evaluation.load(folder / "runs" / NAME / "evaluation.json")
    assert finished.returncode == 3, finished.stderr
    assert result.verdict.decision == "do not deploy"
    reasons = " ".join(result.verdict.reasons)
    assert "RM105" in reasons, "kindergarten and grade 1 sit different tests"
    assert all(criterion.text in reasons for criterion in result.criteria if criterion.met is False)


def test_the_figures_are_those_of_the_models(
    folder: Path, project: Project, finished: subprocess.CompletedProcess[str]
) -> None:
    assert finished.stdout
    chosen = project.prototype(NAME)
    run = folder / "runs" / NAME
    result, training = Evaluation.load(run / "evaluation.json"), Training.load(run / "models")
    data = DesignMatrix.load(run / "matrix")
    test = split_by_household_and_time(data, chosen.train_as_of, chosen.test_as_of, chosen.outcome.within).test
    assert set(data.as_of.iloc[test].dt.date) == {GRADE_1}
    assert result.test["n"] == len(test)
    for family, model in training.models.items():
        found = result.models[family].estimates["auroc"].value
        assert found == pytest.approx(roc_auc_score(data.y[test], model.raw(data)[test]), abs=1e-9)


def test_the_card_prints_the_limits(folder: Path, project: Project, finished: subprocess.CompletedProcess[str]) -> None:
    assert finished.stdout
    made = (folder / "model_cards" / NAME / "card.md").read_text(encoding="utf-8")
    committed = (STAR.parents[1] / "model_cards" / NAME / "card.md").read_text(encoding="utf-8")
    for page in (made, committed):
        assert "**Do not deploy.**" in page
        assert [limit for limit in project.prototype(NAME).limits if limit not in page] == []


def test_nobody_finds_a_small_count_on_the_card(project: Project, finished: subprocess.CompletedProcess[str]) -> None:
    assert finished.stdout
    assert leaks_of_project(project, NAME) == []

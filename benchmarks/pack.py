"""Time the evaluation with all its evidence and the card: of the invented county, or of a matrix of any size.

Every row of the table is a fresh process; making the data and training are not timed. Peak memory is that of the
process. Processor seconds are those of all its threads: on a machine that does other work, read these.

    python benchmarks/pack.py                       # both prototypes of the county of 20,000 children, 100 refits
    python benchmarks/pack.py --cases 1000000       # one million invented test cases, logistic model, no refits
    python benchmarks/pack.py --cases 50000 --parts # and what each step took
    python benchmarks/pack.py --cases 20000 --train-cases 40000 --refits 100 --family gradient_boosting
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))


@dataclass
class Steps:
    """A progress that notes the processor seconds of every step."""

    seconds: dict[str, float] = field(default_factory=dict)
    _step: str = "Reading"
    _since: float = 0.0

    def step(self, name: str, total: int | None = None) -> None:
        """Close the step before and begin the next."""
        now = time.process_time()
        self.seconds[self._step] = self.seconds.get(self._step, 0.0) + now - self._since
        self._step, self._since = name, now

    def advance(self, n: int = 1) -> None:
        """Nothing is shown."""


def measured(work: Callable[[Steps], dict[str, Any]]) -> dict[str, Any]:
    """Run `work` and put both clocks and the peak memory beside what it returns."""
    wall, cpu, steps = time.perf_counter(), time.process_time(), Steps()
    steps.step("Reading")
    found = work(steps)
    steps.step("")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "peak": peak}
    return {**found, **spent, "steps": steps.seconds}


def make_county(folder: Path, children: int) -> None:
    """A project with its county, warehouse, matrices and trained models."""
    from riskmodel import project, workflow
    from riskmodel.cli.start import make_project

    make_project(folder)
    here = project.load(folder)
    workflow.synthesise(here, children=children)
    workflow.build(here)
    for name in here.prototypes:
        workflow.train(here, name)


def county_pack(folder: Path, name: str, refits: int) -> dict[str, Any]:
    """What `riskmodel evaluate` and `riskmodel card` do."""
    from riskmodel import project, workflow

    def work(steps: Steps) -> dict[str, Any]:
        here = project.load(folder)
        result = workflow.evaluate(here, name, refits=refits, progress=steps)
        workflow.card(here, name, progress=steps)
        return {"what": f"{name} ({result.lead})", "test": result.test["n"], "train": result.train["n"]}

    return measured(work)


def make_matrix(folder: Path, cases: int, train_cases: int, family: str) -> None:
    """A matrix and the model trained from it, on disk."""
    import pack_data

    from riskmodel.modelling.train import train

    matrix = pack_data.matrix(cases, train_cases)
    matrix.save(folder / "matrix")
    train(matrix, pack_data.prototype(), families=(family,)).save(folder / "models")


def matrix_pack(folder: Path, refits: int) -> dict[str, Any]:
    """Evaluation, evidence and card from the matrix and the models on disk."""
    import pack_data

    from riskmodel.engine.matrix import DesignMatrix
    from riskmodel.evaluation.context import Context
    from riskmodel.evaluation.evaluate import evaluate
    from riskmodel.evaluation.evidence import gather_evidence
    from riskmodel.evaluation.verdict import reconsider
    from riskmodel.modelling.splits import split_for
    from riskmodel.modelling.training import Training
    from riskmodel.reporting.card import ModelCard

    def work(steps: Steps) -> dict[str, Any]:
        chosen = pack_data.prototype()
        data, training = DesignMatrix.load(folder / "matrix"), Training.load(folder / "models")
        split = split_for(data, chosen, seed=int(training.record["seed"]))
        result = evaluate(training, data, chosen, split, progress=steps)
        context = Context(training, data, chosen, split, result, pack_data.warehouse(), refits=refits, progress=steps)
        evidence = gather_evidence(context)
        result = replace(result, verdict=reconsider(result, evidence, chosen.outcome.audit))
        steps.step("Writing the card")
        card = ModelCard.compose(
            chosen, result, data.manifest, pack_data.warehouse(), training.record, evidence, project="Benchmark"
        )
        card.save(folder / "cards")
        return {"what": f"invented matrix ({result.lead})", "test": result.test["n"], "train": result.train["n"]}

    return measured(work)


def apart(work: Callable[..., Any], *given: Any) -> Any:
    """Run `work` in a fresh process and return what it returns."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


def table(rows: list[dict[str, Any]], refits: int) -> str:
    """Aligned columns."""
    head = f"{'what':<40} {'test cases':>10} {'trained on':>10} {'refits':>6} {'wall s':>7} {'cpu s':>7} {'peak GB':>8}"
    lines = [
        f"{r['what']:<40} {r['test']:>10,} {r['train']:>10,} {refits:>6} {r['wall']:>7.1f} {r['cpu']:>7.1f} "
        f"{r['peak']:>8.2f}"
        for r in rows
    ]
    return "\n".join([head, *lines])


def steps_table(row: dict[str, Any]) -> str:
    """Processor seconds by step of one row."""
    lines = [f"  {name:<55} {seconds:>7.2f}" for name, seconds in row["steps"].items() if seconds >= 0.05]
    return "\n".join([f"\n{row['what']}: processor seconds by step", *lines])


def main() -> None:
    """Read the command line, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, help="test cases of an invented matrix; left out: the county")
    parser.add_argument("--train-cases", type=int, default=100_000, help="training cases of the matrix")
    parser.add_argument("--family", choices=["logistic", "gradient_boosting"], default="logistic", help="of the matrix")
    parser.add_argument("--children", type=int, default=20_000, help="children of the county")
    parser.add_argument("--refits", type=int, help="100 for the county, none for the matrix when left out")
    parser.add_argument("--folder", type=Path, help="keep the data here, and use what is there already")
    parser.add_argument("--parts", action="store_true", help="also print what each step took")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary) / "pack"
        if asked.cases is not None:
            refits = asked.refits or 0
            if not (folder / "models").exists():
                apart(make_matrix, folder, asked.cases, asked.train_cases, asked.family)
            rows = [apart(matrix_pack, folder, refits)]
        else:
            refits = 100 if asked.refits is None else asked.refits
            if not (folder / "runs").exists():
                apart(make_county, folder, asked.children)
            names = sorted(path.name for path in (folder / "runs").iterdir())
            rows = [apart(county_pack, folder, name, refits) for name in names]
    print(table(rows, refits))
    for row in rows if asked.parts else []:
        print(steps_table(row))
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""Time the household bootstrap beside a scikit-learn loop and fairlearn's own bootstrap, on invented predictions.

Each contender runs in a process of its own, in turn, several rounds; the slow ones draw a few resamples and are scaled
up. Writes `benchmarks/evaluation.md`.

    python benchmarks/evaluation.py                     # 200,000 rows, 25 groups, 1,000 resamples
    python benchmarks/evaluation.py --rows 20000 --resamples 200 --rounds 1 --out /tmp/evaluation.md
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ATTRIBUTES = {"sex": 2, "ethnic_group": 6, "age_band": 6, "disability": 3, "deprivation": 8}
CAPACITY = 0.05
#: Contender -> resamples it really draws (None: all of them), and what it is.
CONTENDERS = {
    "riskmodel": (None, "household bootstrap of `riskmodel`: 31 figures overall, 8 a group, and a calibration band"),
    "sklearn_loop": (3, "loop over scikit-learn, rows drawn: AUROC, AP, Brier, slope, intercept, recall, precision"),
    "sklearn_auroc": (20, "loop over scikit-learn's AUROC alone, no groups"),
    "fairlearn": (2, "fairlearn MetricFrame(n_boot=...), one frame an attribute, the same seven figures"),
}


@dataclass(frozen=True)
class Seconds:
    """Seconds by the clock and of the processor."""

    wall: float
    cpu: float

    @classmethod
    def now(cls) -> Seconds:
        """What both clocks show."""
        return cls(time.perf_counter(), time.process_time())

    def since(self) -> Seconds:
        """What has passed on both."""
        return Seconds(time.perf_counter() - self.wall, time.process_time() - self.cpu)


def world(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Outcomes, probabilities, households and group codes; about one case in eleven has the outcome."""
    rng = np.random.default_rng([31, rows])
    log_odds = rng.normal(-3.2, 1.3, rows)
    y = (rng.random(rows) < 1 / (1 + np.exp(-(0.9 * log_odds + 0.1)))).astype(float)
    groups = {
        name: rng.choice(levels, rows, p=rng.dirichlet(np.full(levels, 4.0))) for name, levels in ATTRIBUTES.items()
    }
    return y, 1 / (1 + np.exp(-log_odds)), rng.integers(0, rows * 2 // 3, rows), groups


def run_riskmodel(rows: int, resamples: int) -> Seconds:
    """All resamples of households, figures, groups and the calibration band."""
    from riskmodel.evaluation.bootstrap import Prediction, household_bootstrap

    y, p, household, groups = world(rows)
    members = {f"{a}={g}": np.flatnonzero(codes == g) for a, codes in groups.items() for g in np.unique(codes)}
    prediction = Prediction(p, p, members, np.linspace(0.01, 0.4, 40))
    start = Seconds.now()
    household_bootstrap(
        y, household, {"model": prediction}, shares=[CAPACITY, 0.1, 0.2], thresholds=[0.05, 0.1, 0.2],
        resamples=resamples, seed=1,
    )  # fmt: skip
    return start.since()


def seven_figures() -> dict[str, Any]:
    """The figures that both peers are asked for; `s` is the score, selected are those at or above `cut`."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

    def fit(y: Any, s: Any) -> Any:
        z = np.log(s / (1 - s))
        return LogisticRegression(C=np.inf).fit(np.asarray(z).reshape(-1, 1), y)

    return {
        "auroc": roc_auc_score,
        "auprc": average_precision_score,
        "brier": brier_score_loss,
        "intercept": lambda y, s: fit(y, s).intercept_[0],
        "slope": lambda y, s: fit(y, s).coef_[0, 0],
    }


def at_cut(cut: float) -> dict[str, Any]:
    """Recall and precision of those at or above a score."""
    return {
        "recall": lambda y, s: ((s >= cut) & (y == 1)).sum() / max(y.sum(), 1),
        "precision": lambda y, s: ((s >= cut) & (y == 1)).sum() / max((s >= cut).sum(), 1),
    }


def run_sklearn_loop(rows: int, resamples: int) -> Seconds:
    """Draw rows, cut the list, and call every figure overall and for each group."""
    y, p, _, groups = world(rows)
    rng, figures = np.random.default_rng(1), seven_figures()
    start = Seconds.now()
    for _ in range(resamples):
        drawn = rng.integers(0, rows, rows)
        yy, pp = y[drawn], p[drawn]
        everything = figures | at_cut(float(np.partition(pp, rows - int(CAPACITY * rows))[rows - int(CAPACITY * rows)]))
        for figure in everything.values():
            figure(yy, pp)
        for codes in groups.values():
            of = codes[drawn]
            for group in np.unique(of):
                here = of == group
                for figure in everything.values():
                    figure(yy[here], pp[here])
    return start.since()


def run_sklearn_auroc(rows: int, resamples: int) -> Seconds:
    """Draw rows and call scikit-learn's AUROC."""
    from sklearn.metrics import roc_auc_score

    y, p, _, _ = world(rows)
    rng = np.random.default_rng(1)
    start = Seconds.now()
    for _ in range(resamples):
        drawn = rng.integers(0, rows, rows)
        roc_auc_score(y[drawn], p[drawn])
    return start.since()


def run_fairlearn(rows: int, resamples: int) -> Seconds:
    """One MetricFrame an attribute; the time without resamples is taken off."""
    from fairlearn.metrics import MetricFrame

    y, p, _, groups = world(rows)
    figures = seven_figures() | at_cut(float(np.quantile(p, 1 - CAPACITY)))

    def frames(**options: Any) -> Seconds:
        start = Seconds.now()
        for codes in groups.values():
            MetricFrame(metrics=figures, y_true=y, y_pred=p, sensitive_features=codes, **options)
        return start.since()

    point = frames()
    drawn = frames(n_boot=resamples, ci_quantiles=[0.025, 0.975], random_state=0)
    return Seconds(drawn.wall - point.wall, drawn.cpu - point.cpu)


def measure(name: str, rows: int, resamples: int) -> dict[str, float]:
    """Run one contender in this process: wall and processor seconds for all resamples, peak memory in GB."""
    warnings.filterwarnings("ignore")
    drawn = min(CONTENDERS[name][0] or resamples, resamples)
    used: Seconds = globals()[f"run_{name}"](rows, drawn)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {"wall": used.wall * resamples / drawn, "cpu": used.cpu * resamples / drawn, "peak": peak}


def main() -> None:
    """Run every contender in turn, several rounds, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--resamples", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".md"))
    parser.add_argument("--run", choices=CONTENDERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(json.dumps(measure(options.run, options.rows, options.resamples)))
        return
    results: dict[str, list[dict[str, float]]] = {name: [] for name in CONTENDERS}
    for turn in range(options.rounds):
        for name in CONTENDERS:
            if turn and name == "fairlearn":  # minutes each time; once is enough
                continue
            command = [sys.executable, __file__, "--run", name]
            command += ["--rows", str(options.rows), "--resamples", str(options.resamples)]
            # One thread for the numeric libraries: on a shared machine more of them only wait for each other.
            one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
            here = {**os.environ, **one, "PYTHONPATH": str(Path(__file__).parents[1])}
            done = subprocess.run(command, check=True, capture_output=True, text=True, env=here)
            results[name].append(json.loads(done.stdout))
            print(f"round {turn + 1}: {name}: {results[name][-1]['wall']:.1f} s", flush=True)
    options.out.write_text(table(results, options), encoding="utf-8")
    print(f"Wrote {options.out}")


def table(results: dict[str, list[dict[str, float]]], options: argparse.Namespace) -> str:
    """The results as Markdown."""
    ours = {key: statistics.median(r[key] for r in results["riskmodel"]) for key in ("wall", "cpu")}
    lines = [
        "# Intervals of an evaluation",
        "",
        f"{options.rows:,} invented rows, {sum(ATTRIBUTES.values())} groups of {len(ATTRIBUTES)} attributes, "
        f"{options.resamples:,} resamples, {os.cpu_count()} processor cores shared with other work: read the ratios, "
        f"not the seconds. Medians of {options.rounds} rounds (fairlearn: one). Made by `benchmarks/evaluation.py`.",
        "",
        "| what | resamples drawn | wall s for all | processor s for all | peak GB | times wall | times processor |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, rounds in results.items():
        drawn, what = CONTENDERS[name]
        wall, cpu, peak = (statistics.median(result[key] for result in rounds) for key in ("wall", "cpu", "peak"))
        shown = f"{min(drawn or options.resamples, options.resamples):,}"
        times = f"{wall / ours['wall']:,.1f} | {cpu / ours['cpu']:,.1f}"
        lines.append(f"| {what} | {shown} | {wall:,.1f} | {cpu:,.1f} | {peak:.2f} | {times} |")
    lines += [
        "",
        "The peers draw single rows; only the first draws households, which data with brothers and sisters need. Peers "
        "that draw a few resamples are scaled up in proportion; fairlearn's time without resamples is taken off first.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()

"""Make the invented county: draw it from one seed, theme by theme, and write what each partner would send."""

from __future__ import annotations

from pathlib import Path

from pipelines.synthetic import write
from pipelines.synthetic.draw import Streams
from pipelines.synthetic.invent import invent
from pipelines.synthetic.leaks import plant
from pipelines.synthetic.presets import preset_parameters
from pipelines.synthetic.truth import truth_tables
from riskmodel.progress import SILENT, Progress

DEFAULT_SEED = 20250901


def make_county(
    out: Path | str,
    *,
    preset: str = "vange_ward",
    children: int = 20_000,
    seed: int = DEFAULT_SEED,
    truth: Path | str,
    progress: Progress | None = None,
    plant_leaks: bool = False,
) -> None:
    """Write the extracts of an invented county, and the truth behind them into a folder of its own.

    Parameters
    ----------
    out
        Folder for the partners' extracts; it replaces a folder that is there.
    preset
        One of `PRESETS`: which county to invent.
    children
        Children born from September 2012 to August 2025; a preset may hold fewer (tiny has 162).
    seed
        The same preset, number and seed give the same bytes.
    truth
        Folder for what no partner knows: true abuse, developmental need, disadvantage, effects of help.
        It may not lie inside `out`.
    progress
        Told about each theme as it is drawn.
    plant_leaks
        Add columns and rows that hold the future, to see that they are refused.

    Raises
    ------
    DeclarationError
        If there is no such preset, the number of children is not positive, or `truth` lies inside `out`.
    """
    out, truth = Path(out), Path(truth)
    write.keep_apart(out, truth)
    parameters = preset_parameters(preset, children)
    wanted = min(children, parameters.most_children or children)
    progress = progress or SILENT
    world, hidden, tables = invent(parameters, wanted, Streams(seed), progress)
    if plant_leaks:
        tables = [plant(world, table) for table in tables]
    progress.step("Writing the extracts", len(tables))
    write.write_extracts(out, tables, preset=preset, children=wanted, seed=seed, progress=progress)
    known = truth_tables(world, hidden)
    write.write_truth(truth, known, parameters, preset=preset, children=wanted, seed=seed)

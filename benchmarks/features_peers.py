"""The same 60 features written by hand: as DuckDB SQL over the warehouse's own files, and in pandas."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.features_spec import AS_OF, KINDS, SHARES

DATE = f"DATE '{AS_OF}'"


def since(days: int) -> str:
    return f"DATE '{AS_OF - timedelta(days=days)}'"


def hand_written_sql(warehouse: Path) -> str:
    """One statement as a careful analyst would write it for one as-of date.

    Records are aggregated by person for the person's own features, and by household for the household's, so that
    nothing is added up twice; then both are joined to the cases.
    """

    def parts(source: str) -> str:
        return f"read_parquet('{warehouse}/{source}/*.parquet')"

    steps = [
        f"""cases AS (SELECT person_id, max_by(ward_code, recorded_on) AS ward_code FROM {parts("people")}
            WHERE recorded_on <= {DATE} GROUP BY person_id)""",
        f"""spells AS (SELECT person_id, household_id, moved_in, max_by(coalesce(moved_out, DATE '9999-12-31'),
            received_on) AS moved_out FROM {parts("residence")} WHERE received_on <= {DATE} GROUP BY ALL)""",
        f"""homes AS (SELECT DISTINCT person_id, household_id FROM spells
            WHERE moved_in <= {DATE} AND moved_out > {DATE})""",
    ]
    columns, joins = [], []
    for i, name in enumerate(SHARES):
        steps.append(f"""{name}_own AS (SELECT person_id,
            count(*) FILTER (happened_on > {since(90)}) AS {name}_90,
            count(*) FILTER (happened_on > {since(365)}) AS {name}_365,
            count(*) FILTER (happened_on > {since(730)}) AS {name}_730,
            sum(amount) FILTER (happened_on > {since(365)}) AS {name}_total_365,
            max(amount) FILTER (happened_on > {since(730)}) AS {name}_highest_730,
            {DATE} - max(happened_on) AS {name}_days_since,
            count(DISTINCT kind) FILTER (happened_on > {since(730)}) AS {name}_kinds_730,
            count(*) FILTER (kind = '{KINDS[2 * i]}' AND happened_on > {since(365)}) AS {name}_first_kind_365,
            count(*) FILTER (kind = '{KINDS[2 * i + 1]}') AS {name}_second_kind_ever
            FROM {parts(name)} WHERE happened_on <= {DATE} AND received_on <= {DATE} GROUP BY person_id)""")
        steps.append(f"""{name}_home AS (SELECT household_id,
            count(*) FILTER (happened_on > {since(365)}) AS {name}_home_365,
            sum(amount) FILTER (happened_on > {since(730)}) AS {name}_home_total_730,
            {DATE} - max(happened_on) AS {name}_home_days_since
            FROM {parts(name)} JOIN homes USING (person_id)
            WHERE happened_on <= {DATE} AND received_on <= {DATE} GROUP BY household_id)""")
        zero = [f"{name}_{c}" for c in ("90", "365", "730", "total_365", "kinds_730", "first_kind_365",
                                        "second_kind_ever", "home_365", "home_total_730")]  # fmt: skip
        missing = [f"{name}_{c}" for c in ("highest_730", "days_since", "home_days_since")]
        columns += [f"coalesce({c}, 0)::DOUBLE AS {c}" for c in zero] + [f"{c}::DOUBLE AS {c}" for c in missing]
        joins.append(f"LEFT JOIN {name}_own USING (person_id) LEFT JOIN {name}_home USING (household_id)")
    return f"""WITH {", ".join(steps)}
        SELECT person_id, ward_code, {", ".join(columns)}
        FROM cases LEFT JOIN homes USING (person_id) {" ".join(joins)} ORDER BY person_id"""


def with_duckdb(warehouse: Path, threads: int = 2) -> Any:
    """Run the hand-written statement and return the frame."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    return connection.sql(hand_written_sql(warehouse)).df()


def with_pandas(warehouse: Path) -> Any:
    """Merge, filter each window, group: what most analysts write."""
    import pandas as pd

    def read(source: str, columns: list[str]) -> Any:
        frame = pd.read_parquet(warehouse / source, columns=columns)
        dates = [c for c in columns if c.endswith("_on") or c in ("moved_in", "moved_out")]
        return frame.assign(**{c: pd.to_datetime(frame[c]) for c in dates})

    now = pd.Timestamp(AS_OF)
    cases = read("people", ["person_id", "recorded_on", "ward_code"]).query("recorded_on <= @now")
    out = cases.sort_values("recorded_on").groupby("person_id")[["ward_code"]].last()
    stays = read("residence", ["person_id", "household_id", "moved_in", "received_on", "moved_out"])
    stays = stays[stays.received_on <= now].sort_values("received_on")
    stays = stays.drop_duplicates(["person_id", "household_id", "moved_in"], keep="last")
    homes = stays[(stays.moved_in <= now) & ~(stays.moved_out <= now)][["person_id", "household_id"]].drop_duplicates()
    for i, name in enumerate(SHARES):
        rows = read(name, ["person_id", "happened_on", "received_on", "kind", "amount"])
        rows = rows[(rows.happened_on <= now) & (rows.received_on <= now)]
        _pandas_own(out, rows, name, i, now)
        _pandas_home(out, rows.merge(homes, on="person_id"), homes, name, now)
    zero = [c for c in out if c != "ward_code" and "days_since" not in c and "highest" not in c]
    out[zero] = out[zero].fillna(0.0)
    return out.sort_index().reset_index()


def _pandas_own(out: Any, rows: Any, name: str, i: int, now: Any) -> None:
    import pandas as pd

    inside = {days: rows[rows.happened_on > pd.Timestamp(_start(days))] for days in (90, 365, 730)}
    for days, frame in inside.items():
        out[f"{name}_{days}"] = frame.groupby("person_id").size()
    out[f"{name}_total_365"] = inside[365].groupby("person_id").amount.sum()
    out[f"{name}_highest_730"] = inside[730].groupby("person_id").amount.max()
    out[f"{name}_days_since"] = (now - rows.groupby("person_id").happened_on.max()).dt.days
    out[f"{name}_kinds_730"] = inside[730].groupby("person_id").kind.nunique()
    first = inside[365][inside[365].kind == KINDS[2 * i]]
    out[f"{name}_first_kind_365"] = first.groupby("person_id").size()
    out[f"{name}_second_kind_ever"] = rows[rows.kind == KINDS[2 * i + 1]].groupby("person_id").size()


def _pandas_home(out: Any, rows: Any, homes: Any, name: str, now: Any) -> None:
    import pandas as pd

    of_case = homes.set_index("person_id").household_id.reindex(out.index)
    year, two = (rows[rows.happened_on > pd.Timestamp(_start(days))].groupby("household_id") for days in (365, 730))
    found = {
        "home_365": year.size(),
        "home_total_730": two.amount.sum(),
        "home_days_since": (now - rows.groupby("household_id").happened_on.max()).dt.days,
    }
    for column, by_household in found.items():
        out[f"{name}_{column}"] = of_case.map(by_household)


def _start(days: int) -> date:
    return AS_OF - timedelta(days=days)

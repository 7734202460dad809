"""Turn the published table of Project STAR into extracts with calendar dates, as partners would send them.

Usage: python prepare.py STAR.csv [EXTRACTS]

STAR.csv is the data set `STAR` of the R package AER as CSV, plain or gzipped: one row a child, the first column its
number. The table gives school years and quarters of birth and not one day. **Every day here is assumed**: a school
year starts on 1 September, class lists are known on 1 October, reading is tested on 15 April and its scores are known
on 30 June; a child is given the first day of its quarter of birth. Nothing depends on the days but their order.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from riskmodel.files import atomic_folder

TERMS = "".join(
    f"[{name}]\nextracted_on = 1987-07-31\ncomplete_to = 1987-07-31\n\n"
    for name in ("enrolments", "classes", "reading")
)

# Kindergarten of 1985-86 and grade 1 of 1986-87. The two later years of the study are not used.
GRADES = {"k": ("K", 1985), "1": ("1", 1986)}

FIXED = ("gender", "ethnicity", "birth")
YEARLY = ("star", "read", "lunch", "school", "degree", "experience", "schoolid")

# One row a child and school year in a class of the study. A score is low if it is strictly below the first quartile
# (R's type 7, which is DuckDB's quantile_cont) of all scores of that grade, as in the R model the tests compare with.
PUPIL_YEARS = """
    SELECT *, min(enrolled_on) OVER (PARTITION BY child_id) AS joined_on,
        score < quantile_cont(score, 0.25) OVER (PARTITION BY grade) AS low_reading
    FROM ({years}) WHERE class_type IS NOT NULL
"""

ONE_YEAR = """
    SELECT CAST({number} AS VARCHAR) AS child_id, '{grade}' AS grade,
        DATE '{year}-09-01' AS enrolled_on, DATE '{year}-10-01' AS known_on,
        make_date({following}, 4, 15) AS tested_on, make_date({following}, 6, 30) AS scored_on,
        gender AS sex, ethnicity,
        make_date(CAST(left(birth, 4) AS INT), 3 * CAST(right(birth, 1) AS INT) - 2, 1) AS born_from,
        CAST(CAST(schoolid{g} AS DOUBLE) AS INT)::VARCHAR AS school_id, school{g} AS school_type,
        lunch{g} = 'free' AS free_lunch, star{g} AS class_type, degree{g} AS teacher_degree,
        CAST(experience{g} AS DOUBLE) AS teacher_experience, CAST(read{g} AS DOUBLE) AS score
    FROM original
"""

EXTRACTS = {
    "enrolments": """
        SELECT child_id, enrolled_on, known_on, joined_on, grade, school_id, school_type, born_from, sex, ethnicity,
            free_lunch
        FROM pupil_years ORDER BY child_id, enrolled_on
    """,
    "classes": """
        SELECT child_id, enrolled_on, known_on, class_type, teacher_degree, teacher_experience
        FROM pupil_years ORDER BY child_id, enrolled_on
    """,
    # Who was not tested, or has no score, has no row.
    "reading": """
        SELECT child_id, tested_on, scored_on, grade, score, low_reading
        FROM pupil_years WHERE score IS NOT NULL ORDER BY child_id, tested_on
    """,
}


def prepare(original: Path, extracts: Path) -> dict[str, int]:
    """Write one Parquet extract a source, and `extracts.toml`; return the number of rows of each."""
    if not original.is_file():
        raise SystemExit(f"There is no file {original}. It must be the data set STAR as CSV, plain or gzipped.")
    rows = {}
    with duckdb.connect() as connection, atomic_folder(extracts) as folder:
        connection.execute("SET threads = 1")
        table = connection.read_csv(str(original), header=True, all_varchar=True, na_values=["NA", ""])
        missing = [name for name in _needed() if name not in table.columns]
        if missing:
            raise SystemExit(f"{original} lacks {', '.join(missing)}. It must be the wide table, one row a child.")
        table.create_view("original")
        years = " UNION ALL ".join(
            ONE_YEAR.format(number=f'"{table.columns[0]}"', g=g, grade=grade, year=year, following=year + 1)
            for g, (grade, year) in GRADES.items()
        )
        connection.execute(f"CREATE TEMP TABLE pupil_years AS {PUPIL_YEARS.format(years=years)}")
        for name, query in EXTRACTS.items():
            made = connection.sql(query)
            made.write_parquet(str(folder / f"{name}.parquet"), compression="zstd")
            rows[name] = made.shape[0]
        (folder / "extracts.toml").write_text(TERMS, encoding="utf-8")
    return rows


def _needed() -> list[str]:
    return [*FIXED, *(name + grade for grade in GRADES for name in YEARLY)]


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    target = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).parent / "data" / "extracts"
    for table, n in prepare(Path(sys.argv[1]), target).items():
        print(f"{table:14} {n:>9,} rows")

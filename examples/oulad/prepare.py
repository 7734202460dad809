"""Turn the original Open University tables into extracts with calendar dates, as partners would send them.

Usage: python prepare.py FOLDER [EXTRACTS]

FOLDER holds the seven tables of the Open University Learning Analytics Dataset, as CSV (as published) or Parquet. The
original counts days from the start of a presentation; here a presentation that ends in B starts on 1 February and one
that ends in J on 1 October of its year. Nothing is guessed, except where the comments say so.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from riskmodel.files import atomic_folder

TABLES = (
    "courses",
    "assessments",
    "vle",
    "studentInfo",
    "studentRegistration",
    "studentAssessment",
    "studentVle",
)

# The last presentation ends on 27 June 2015, and one piece of work came in after that.
TERMS = "".join(
    f"[{name}]\nextracted_on = 2015-07-31\ncomplete_to = 2015-06-30\n\n"
    for name in ("registrations", "results", "clicks", "submissions", "coursework")
)

# The four modules that this project is about; the published data hold three more.
PRESENTATIONS = """
    SELECT code_module AS module, code_presentation AS presentation, module_presentation_length AS length,
        make_date(
            CAST(left(code_presentation, 4) AS INT),
            CASE right(code_presentation, 1) WHEN 'B' THEN 2 WHEN 'J' THEN 10 END,
            1
        ) AS starts_on
    FROM courses WHERE code_module IN ('AAA', 'BBB', 'EEE', 'GGG')
"""

STUDENTS = """
    SELECT module || '|' || presentation || '|' || id_student AS registration_id,
        CAST(id_student AS VARCHAR) AS student_id,
        module, presentation, starts_on, starts_on + length AS ends_on,
        -- eleven registrations have no date: they count from the start, or from the day they were given up
        starts_on + coalesce(date_registration, least(0, date_unregistration)) AS registered_on,
        starts_on + date_unregistration AS withdrew_on,
        gender, region, highest_education,
        CASE imd_band WHEN '10-20' THEN '10-20%' ELSE imd_band END AS imd_band,
        CASE age_band WHEN '55<=' THEN '55 or over' ELSE age_band END AS age_band,
        disability = 'Y' AS disability, num_of_prev_attempts AS previous_attempts, studied_credits, final_result
    FROM studentInfo AS i
    JOIN studentRegistration AS r USING (code_module, code_presentation, id_student)
    JOIN presentations AS p ON p.module = code_module AND p.presentation = code_presentation
"""

EXTRACTS = {
    # One row when it begins, and a second one when it is given up, which nobody knew before that day.
    "registrations": """
        SELECT registration_id, student_id, registered_on, registered_on AS known_on, CAST(NULL AS DATE) AS withdrew_on,
            date_diff('day', registered_on, starts_on) AS days_before_start, module, presentation, gender, region,
            highest_education, imd_band, age_band, disability, previous_attempts, studied_credits
        FROM students WHERE withdrew_on IS NULL OR withdrew_on > registered_on
        UNION ALL
        SELECT registration_id, student_id, registered_on, withdrew_on, withdrew_on,
            date_diff('day', registered_on, starts_on), module, presentation, gender, region,
            highest_education, imd_band, age_band, disability, previous_attempts, studied_credits
        FROM students WHERE withdrew_on IS NOT NULL
        ORDER BY registration_id, known_on
    """,
    # A withdrawal is decided on its day (21 have none: those count at the end), everything else at the end.
    "results": """
        SELECT registration_id,
            CASE WHEN final_result = 'Withdrawn' THEN coalesce(withdrew_on, ends_on) ELSE ends_on END AS decided_on,
            final_result AS result
        FROM students ORDER BY registration_id
    """,
    "clicks": """
        SELECT v.code_module || '|' || v.code_presentation || '|' || v.id_student AS registration_id,
            starts_on + date AS clicked_on, CAST(v.id_site AS VARCHAR) AS site_id, activity_type AS activity,
            CAST(sum(sum_click) AS BIGINT) AS clicks
        FROM studentVle AS v
        JOIN vle AS s ON s.id_site = v.id_site AND s.code_module = v.code_module
            AND s.code_presentation = v.code_presentation
        JOIN presentations AS p ON p.module = v.code_module AND p.presentation = v.code_presentation
        GROUP BY ALL ORDER BY registration_id, clicked_on, site_id
    """,
    # Marks are taken as known on the day of submission, as the data give no later date. A banked piece of work was
    # carried over from an earlier presentation; the original dates all of them to the day before the start.
    "submissions": """
        SELECT registration_id, starts_on + date_submitted AS submitted_on, assessment_type AS kind,
            CAST(score AS DOUBLE) AS score, weight, date - date_submitted AS days_early, is_banked = 1 AS banked,
            CAST(a.id_assessment AS VARCHAR) AS assessment_id
        FROM studentAssessment AS t
        JOIN assessments AS a USING (id_assessment)
        JOIN students AS s ON s.module = code_module AND s.presentation = code_presentation
            AND s.student_id = CAST(t.id_student AS VARCHAR)
        ORDER BY registration_id, submitted_on, assessment_id
    """,
    # On the day a piece of coursework is due: whether it is there. What was due before a late registration is left out.
    "coursework": """
        SELECT registration_id, starts_on + date AS due_on, CAST(a.id_assessment AS VARCHAR) AS assessment_id,
            assessment_type AS kind, weight, coalesce(t.date_submitted <= date, false) AS handed_in
        FROM students AS s
        JOIN assessments AS a ON a.code_module = s.module AND a.code_presentation = s.presentation
        LEFT JOIN studentAssessment AS t ON t.id_assessment = a.id_assessment
            AND CAST(t.id_student AS VARCHAR) = s.student_id
        WHERE date IS NOT NULL AND assessment_type <> 'Exam' AND starts_on + date >= registered_on
        ORDER BY registration_id, due_on, assessment_id
    """,
}


def prepare(original: Path, extracts: Path) -> dict[str, int]:
    """Write one Parquet extract a source, and `extracts.toml`; return the number of rows of each."""
    found = {name: _table(original, name) for name in TABLES}
    rows = {}
    with duckdb.connect() as connection, atomic_folder(extracts) as folder:
        connection.execute("SET threads = 1")
        for name, file in found.items():
            _read(connection, file).create_view(name)
        connection.execute(f"CREATE TEMP TABLE presentations AS {PRESENTATIONS}")
        connection.execute(f"CREATE TEMP TABLE students AS {STUDENTS}")
        for name, query in EXTRACTS.items():
            made = connection.sql(query)
            made.write_parquet(str(folder / f"{name}.parquet"), compression="zstd")
            rows[name] = made.shape[0]
        (folder / "extracts.toml").write_text(TERMS, encoding="utf-8")
    return rows


def _table(original: Path, name: str) -> Path:
    for file in (original / f"{name}.parquet", original / f"{name}.csv"):
        if file.is_file():
            return file
    raise SystemExit(f"{original} has neither {name}.parquet nor {name}.csv. It must hold {', '.join(TABLES)}.")


def _read(connection: duckdb.DuckDBPyConnection, file: Path) -> duckdb.DuckDBPyRelation:
    if file.suffix == ".parquet":
        return connection.read_parquet(str(file))
    table = connection.read_csv(str(file), header=True, na_values=["?", ""], sample_size=-1)
    whole = {name for name, kind in zip(table.columns, table.dtypes, strict=True) if str(kind) == "BIGINT"}
    # days are added to dates, which takes a 32-bit number
    return table.project(", ".join(f"CAST({c} AS INT) AS {c}" if c in whole else c for c in table.columns))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    target = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).parent / "data" / "extracts"
    for table, n in prepare(Path(sys.argv[1]), target).items():
        print(f"{table:14} {n:>9,} rows")

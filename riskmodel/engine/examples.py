"""A small invented prototype, and its warehouse, that the examples in the documentation use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from riskmodel.declare.cohort import Cohort
from riskmodel.declare.criterion import at_least
from riskmodel.declare.examples import people, sessions
from riskmodel.declare.outcome import Outcome
from riskmodel.declare.prototype import Output, Prototype
from riskmodel.declare.verbs import count, latest
from riskmodel.engine.build import build_warehouse
from riskmodel.engine.warehouse import Warehouse
from riskmodel.periods import months

absence = Prototype(
    "absence",
    "Which children may miss nursery?",
    cohort=Cohort("Children aged 3", people, where="age(date_of_birth) = 3"),
    outcome=Outcome(sessions, "misses", "Misses sessions", where="mark = 'O'", within=months(12)),
    features=[count(sessions, "missed", "sessions were missed before", where="mark = 'O'", within=months(12))],
    audit=[latest(people, "sex", "the child's sex", "sex", levels=["F", "M"], protected=True)],
    success=[at_least("auroc", 0.65)],
    capacity=0.2,
    output=Output.INDIVIDUAL,
    use="Offer help",
    never="Sanctions",
    owner="Early Years",
    expires=months(12),
    train_as_of=(date(2022, 9, 1),),
    test_as_of=(date(2023, 9, 1),),
    score_as_of=date(2024, 9, 1),
)

_PEOPLE = """person_id,recorded_on,received_on,date_of_birth,sex,ward_code
a,2020-01-01,2020-01-02,2019-12-01,F,W1
b,2020-03-01,2020-03-02,2020-02-01,M,W1
c,2021-06-01,2021-06-02,2021-05-01,F,W2
"""
_SESSIONS = """person_id,session_on,received_on,mark,minutes
a,2023-05-02,2023-05-05,O,
a,2023-05-03,2023-05-05,/,180
a,2023-08-30,2023-09-04,O,
b,2023-11-07,2023-11-10,O,
"""


@contextmanager
def small_warehouse() -> Iterator[Warehouse]:
    """Build the warehouse of the example in a temporary folder, which goes when the block is left.

    Examples
    --------
    >>> with small_warehouse() as warehouse:
    ...     print(warehouse.sources)
    ('people', 'sessions')
    """
    with TemporaryDirectory() as folder:
        extracts = Path(folder) / "extracts"
        extracts.mkdir()
        (extracts / "people.csv").write_text(_PEOPLE, encoding="utf-8")
        (extracts / "sessions.csv").write_text(_SESSIONS, encoding="utf-8")
        yield build_warehouse([people, sessions], extracts, Path(folder) / "warehouse")

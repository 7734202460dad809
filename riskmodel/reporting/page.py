"""Pages as one self-contained HTML file each: the shared frame, its styles, and the printing of a document in it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from riskmodel.reporting.document import Document
from riskmodel.reporting.markdown import PARTS
from riskmodel.reporting.wording import lower_first

if TYPE_CHECKING:
    from jinja2 import Environment


def document_html(document: Document) -> str:
    """Print a document as an accessible page without scripts, network or outside files.

    Parameters
    ----------
    document
        Any document; its banner, sections and tables are printed in order.

    Returns
    -------
    str
        A whole HTML page, the same bytes for the same document.

    Examples
    --------
    >>> from riskmodel.reporting.document import Section, Text
    >>> page = document_html(Document("Ward page", "Who", "", (Section("a", "Totals", (Text("5 < 6"),)),)))
    >>> "<h1>Ward page</h1>" in page, "5 &lt; 6" in page, "<script" in page
    (True, True, False)
    """
    return render("document.html.j2", document=document, parts=PARTS)


def render(template: str, **context: Any) -> str:
    """Render one of the templates of `riskmodel/reporting/templates`; everything in `context` is escaped.

    Templates extend `frame.html.j2`, which gives the page its head, styles, skip link, banner and print rules, and
    import the macros of `blocks.html.j2`.
    """
    return _environment().get_template(template).render(**context).rstrip("\n") + "\n"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("riskmodel.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["figure"] = lambda cell: not isinstance(cell, str)
    environment.filters["inside"] = lower_first
    environment.filters["kind"] = lambda block: type(block).__name__.lower()
    return environment

"""A page as an accessible PDF (PDF/UA-1), the same bytes for the same page, without asking any address for anything."""

from __future__ import annotations

import hashlib
from types import ModuleType
from typing import Any, NoReturn

from riskmodel.errors import PdfError

#: Tagged for screen readers, with title and language; ISO 14289-1.
VARIANT = "pdf/ua-1"
_OTHERWISE = "Or print card.html to a PDF from any browser."


def page_pdf(page: str) -> bytes:
    """Turn a self-contained HTML page into a tagged PDF, as it would be printed.

    Needs the `pdf` extra: WeasyPrint, and the library Pango that it draws letters with. The bytes depend on the page,
    on the fonts of the computer and on the versions of these two, and on nothing else: no date is written.

    Parameters
    ----------
    page
        A whole HTML page, such as `ModelCard.html` gives.

    Returns
    -------
    bytes
        The PDF.

    Raises
    ------
    PdfError
        If the extra or Pango is missing, or the page asks for anything outside itself.
    """
    weasyprint = _weasyprint()
    outside = _Outside()
    identifier = hashlib.sha256(page.encode()).hexdigest()[:32].encode()
    made: bytes = weasyprint.HTML(string=page, url_fetcher=outside).write_pdf(
        pdf_variant=VARIANT, pdf_identifier=identifier
    )
    if outside.asked:
        raise PdfError(
            f"The page asks for {len(outside.asked)} address(es) outside itself, such as {outside.asked[0]!r}.",
            "A report holds everything that it shows, so that it can be read anywhere and tells nobody so.",
            next_step="Put the picture or style into the page itself.",
        )
    return made


def _weasyprint() -> ModuleType:
    try:
        import weasyprint
    except ImportError:
        raise PdfError(
            "A PDF needs WeasyPrint, which is not installed.",
            "It is an optional part of riskmodel.",
            next_step=f'Install it with: pip install "riskmodel[pdf]". {_OTHERWISE}',
        ) from None
    except OSError:
        raise PdfError(
            "A PDF needs the library Pango, which WeasyPrint did not find on this computer.",
            'The extra "riskmodel[pdf]" brings WeasyPrint only; Pango comes with the operating system.',
            next_step="On Debian or Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. "
            + _OTHERWISE,
        ) from None
    module: ModuleType = weasyprint
    return module


class _Outside:
    """Refuses every address and remembers what was asked for; WeasyPrint itself would go on without it."""

    _fail_on_errors = False  # WeasyPrint looks at it when an address is refused

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, address: str, *_: Any, **__: Any) -> NoReturn:
        self.asked.append(address)
        raise ValueError("a report asks for nothing outside itself")

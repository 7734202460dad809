"""The card in a real browser: silent, accessible, readable on a desk, on a phone and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from riskmodel.reporting.card import ModelCard
from tests.browser.whole_card import whole_card
from tests.unit.reporting.made_up import inputs, not_fit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module", params=["small groups", "every section"])
def card(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Two cards: one with small groups and a verdict against use, one with all the evidence there is."""
    if request.param == "every section":
        return whole_card().save(tmp_path_factory.mktemp("cards"))[0]
    made = not_fit(inputs(900, 4, -1.6, 0.1)).judged(lead="gradient_boosting")
    composed = ModelCard.compose(
        made.prototype, made.evaluation, made.matrix, made.warehouse, made.training, project="Made-up county"
    )
    return composed.save(tmp_path_factory.mktemp("cards"))[0]


@contextmanager
def opened(browser: Browser, path: Path, width: int, scheme: str = "light") -> Iterator[tuple[Page, list[str]]]:
    """The page at a width, and everything it said to the console or asked the network for."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("request", lambda request: heard.append(f"request: {request.url}"))
    page.goto(path.as_uri())
    heard.remove(f"request: {path.as_uri()}")
    yield page, heard
    context.close()


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (1280, "dark")])
def test_axe_finds_nothing_and_the_page_is_silent(browser: Browser, card: Path, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with opened(browser, card, width, scheme) as (page, heard):
        unfold(page)
        options = {"runOnly": {"type": "tag", "values": STANDARDS}}
        found = Axe().run(page, options=options)
        assert found.violations_count == 0, found.generate_report()
        assert len(found.response["passes"]) > 15
        assert heard == []


@pytest.mark.parametrize("folded", [True, False])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_never_scrolls_sideways(browser: Browser, card: Path, width: int, folded: bool) -> None:
    with opened(browser, card, width) as (page, _):
        if not folded:
            unfold(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_screen_of_a_phone_says_invented_and_the_verdict(browser: Browser, card: Path) -> None:
    with opened(browser, card, 390) as (page, _):
        banner, verdict = page.locator(".banner").bounding_box(), page.locator(".callout-title").first.bounding_box()
        assert banner is not None
        assert verdict is not None
        assert banner["y"] == 0
        assert verdict["y"] + verdict["height"] < 844


def test_text_in_charts_stays_readable_on_a_phone(browser: Browser, card: Path) -> None:
    with opened(browser, card, 390) as (page, _):
        heights = page.evaluate("[...document.querySelectorAll('svg text')].map(t => t.getBoundingClientRect().height)")
        assert len(heights) > 50
        assert min(heights) >= 11


def test_no_words_of_a_chart_lie_outside_it_or_on_each_other(browser: Browser, card: Path) -> None:
    with opened(browser, card, 1280) as (page, _):
        clashes = page.evaluate(
            """() => [...document.querySelectorAll('svg.chart')].flatMap(svg => {
                const frame = svg.getBoundingClientRect();
                const words = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
                const out = words.filter(([w, b]) => b.left < frame.left - 2 || b.right > frame.right + 2
                    || b.top < frame.top - 2 || b.bottom > frame.bottom + 2).map(([w]) => 'outside: ' + w);
                const on = words.flatMap(([w, a], i) => words.slice(i + 1).filter(([v, b]) =>
                    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
                    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5).map(([v]) => w + ' on ' + v));
                return [...out, ...on];
            })"""
        )
        assert clashes == []


def test_the_keyboard_reaches_the_content_and_opens_the_tables(browser: Browser, card: Path) -> None:
    with opened(browser, card, 1280) as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["x"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        summary = page.locator("summary").first
        summary.focus()
        page.keyboard.press("Enter")
        assert page.locator("details").first.get_attribute("open") is not None


def test_it_prints_whole_on_paper(browser: Browser, card: Path, tmp_path: Path) -> None:
    with opened(browser, card, 1280) as (page, heard):
        page.emulate_media(media="print")
        folded = page.locator("details table").first
        assert folded.bounding_box()["height"] > 20
        assert not page.locator(".skip").is_visible()
        page.set_viewport_size({"width": 680, "height": 1000})  # what A4 leaves between its margins
        wide = page.evaluate(
            "[...document.querySelectorAll('table, svg')].filter(t => t.getBoundingClientRect().right > innerWidth + 1)"
            ".map(t => t.textContent.slice(0, 60))"
        )
        assert wide == []
        written = page.pdf(path=str(tmp_path / "card.pdf"), prefer_css_page_size=True, tagged=True, outline=True)
        assert written.startswith(b"%PDF")
        assert len(written) > 20_000
        assert heard == []

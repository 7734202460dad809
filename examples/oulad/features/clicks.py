"""How a student uses the virtual learning environment; the presentation began 60 days before the as-of date.

Measures that only repeated these (seven days, single pages, the forum) were left out after looking at the training
presentations: beside the ones below their effect turned round, so that no plain sentence about them stayed true.
"""

from __future__ import annotations

from features.sources.clicks import clicks
from riskmodel import days, days_since, distinct, latest, total, trend

THEME = "online activity"

recency = [
    days_since(clicks, "days_since_online", "the student has not been online for longer", direction="+", theme=THEME),
    latest(
        clicks,
        "offline_14d",
        "the student has not been online in the last 14 days",
        "date_diff('day', clicked_on, as_of) >= 14",
        direction="+",
        theme=THEME,
    ),
]

activity = [
    *(
        distinct(
            clicks,
            f"days_online_{n}d",
            f"the student was online on few of the last {n} days",
            "clicked_on",
            within=days(n),
            direction="-",
            theme=THEME,
        )
        for n in (14, 28, 60)
    ),
    distinct(
        clicks,
        "weeks_online_60d",
        "the student was online in few weeks since the start",
        "date_diff('day', clicked_on, as_of) // 7",
        within=days(60),
        direction="-",
        theme=THEME,
    ),
    total(
        clicks,
        "clicks_14d",
        "the student clicked little in the last 14 days",
        "clicks",
        within=days(14),
        direction="-",
        theme=THEME,
    ),
    total(
        clicks,
        "clicks_before_start",
        "the student looked around little before the start",
        "clicks",
        where="clicked_on < as_of - 60",
        direction="-",
        theme=THEME,
    ),
    trend(
        clicks,
        "pages_trend_56d",
        "the student opens fewer pages than a month ago, or hardly more",
        within=days(56),
        direction="-",
        theme=THEME,
    ),
]

content = [
    distinct(
        clicks,
        f"{name}_days_60d",
        f"the student used {words} on few days since the start",
        "clicked_on",
        where=f"activity = '{kind}'",
        within=days(60),
        direction="-",
        theme=THEME,
    )
    for name, kind, words in (
        ("content", "oucontent", "the teaching text"),
        ("subpage", "subpage", "the module's subpages"),
    )
]

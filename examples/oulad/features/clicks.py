"""How a student uses the virtual learning environment; the presentation began 60 days before the as-of date."""

from __future__ import annotations

from features.sources.clicks import clicks
from riskmodel import count, days, days_since, distinct, has, total, trend

THEME = "online activity"

activity = [
    days_since(clicks, "days_since_online", "the student has not been online for longer", direction="+", theme=THEME),
    has(
        clicks,
        "online_14d",
        "the student was not online in the last 14 days",
        within=days(14),
        direction="-",
        theme=THEME,
    ),
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
        for n in (7, 14, 28, 60)
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
    *(
        total(
            clicks,
            f"clicks_{n}d",
            f"the student clicked little in the last {n} days",
            "clicks",
            within=days(n),
            direction="-",
            theme=THEME,
        )
        for n in (14, 60)
    ),
    total(
        clicks,
        "clicks_before_start",
        "the student looked around little before the start",
        "clicks",
        where="clicked_on < as_of - 60",
        theme=THEME,
    ),
    trend(clicks, "pages_trend_56d", "the student opens fewer pages than a month ago", within=days(56), theme=THEME),
]

breadth = [
    distinct(
        clicks,
        "pages_60d",
        "the student opened few different pages since the start",
        "site_id",
        within=days(60),
        direction="-",
        theme=THEME,
    ),
    distinct(
        clicks,
        "pages_14d",
        "the student opened few different pages in the last 14 days",
        "site_id",
        within=days(14),
        direction="-",
        theme=THEME,
    ),
    *(
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
            ("forum", "forumng", "the forum"),
            ("content", "oucontent", "the teaching text"),
            ("quiz", "quiz", "quizzes"),
            ("resource", "resource", "extra material"),
            ("subpage", "subpage", "the module's subpages"),
        )
    ),
    count(
        clicks,
        "wiki_or_meeting_60d",
        "the student took little part in wikis and online meetings",
        where="activity IN ('ouwiki', 'oucollaborate', 'ouelluminate')",
        within=days(60),
        theme=THEME,
    ),
]

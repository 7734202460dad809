"""Which county to invent: each preset is the parameters of England with some of them replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipelines.synthetic.parameters import Parameters
from riskmodel.errors import DeclarationError

_NO_GROUPS = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def england_like() -> Parameters:
    """England in small: the district's neighbourhoods are spread over all tenths of deprivation."""
    return Parameters()


def essex_like() -> Parameters:
    """Essex ethnic mix, real deprivation of the neighbourhoods, fewer free meals."""
    p = england_like()
    family = replace(
        p.family,
        groups=(0.86, 0.04, 0.03, 0.04, 0.01, 0.02),  # M Essex
        free_meals=0.20,  # D 17% registered (M) over the 85% who register
    )
    return replace(p, family=family, place=replace(p.place, deciles="real"))


def vange_ward() -> Parameters:
    """Essex-like, with the ward of Vange as the programme knew it."""
    p = essex_like()
    place = replace(
        p.place,
        story_under_fives=812,  # M [brief]
        story_poverty=0.161,  # V [brief]
        story_z_mean=0.55,  # A
        story_social_rent=0.385,  # S 35% of under-fives in 2025 (M)
        story_readiness=0.25,  # S 60 to 66% reach a good level (A)
    )
    return replace(p, place=place, abuse=replace(p.abuse, story_shift=0.85))  # S recorded in 7% of homes a year


def no_signal() -> Parameters:
    """Outcomes that depend on nothing: a model that finds something here is wrong."""
    p = vange_ward()
    abuse = replace(
        p.abuse,
        intercept=-1.9, again=0.0, z=0.0, lone=0.0, social_rent=0.0, young_mother=0.0, illness=0.0, substance=0.0,
        mental_health=0.0, by_group=_NO_GROUPS, hidden=0.0, recorded=(0.11,) * 6, recorded_social=1.0,
        recorded_severe=1.0, story_shift=0.0,
    )  # fmt: skip
    return replace(
        p,
        readiness=replace(p.readiness, signal=False, sibling_noise=0.0),
        abuse=abuse,
        police=replace(p.police, suspect_known=0.0, victim_mother=1.0),
    )


def label_bias_only() -> Parameters:
    """Equal true risk of abuse in all ethnic groups, unequal recording by the police."""
    p = england_like()
    place = replace(p.place, group_shift=_NO_GROUPS)
    return replace(p, place=place, abuse=replace(p.abuse, by_group=_NO_GROUPS))


def tiny() -> Parameters:
    """162 children in all: too few for any table by group."""
    return replace(essex_like(), most_children=162)


PRESETS: dict[str, Callable[[], Parameters]] = {
    "england_like": england_like,
    "essex_like": essex_like,
    "vange_ward": vange_ward,
    "no_signal": no_signal,
    "label_bias_only": label_bias_only,
    "tiny": tiny,
}


def preset_parameters(preset: str, children: int) -> Parameters:
    """Return the parameters of a preset.

    Raises
    ------
    DeclarationError
        If there is no such preset, or the number of children is not positive.
    """
    if preset not in PRESETS:
        from difflib import get_close_matches

        near = get_close_matches(preset, PRESETS, 1)
        raise DeclarationError(
            f"There is no preset '{preset}'.",
            f"A county is made from one of: {', '.join(PRESETS)}.",
            nearest=near[0] if near else None,
            next_step="Name one of them.",
        )
    if children < 1:
        raise DeclarationError(
            "The number of children is not positive.",
            "A county has at least one child.",
            next_step="Ask for some thousands; the default is 20,000.",
        )
    return PRESETS[preset]()

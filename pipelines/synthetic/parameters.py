"""Every number behind the invented county, each with a mark that says how far to trust it.

Marks: V verified in a published source, D arithmetic from V, M from memory and unverified, A our own assumption,
S output of our own simulation. Keys in square brackets name the source; docs/invented_county.md lists them.
Per-group values follow the order of `ETHNIC_GROUPS`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ETHNIC_GROUPS = ("White", "Asian", "Black", "Mixed", "Other", "Unknown")
Groups = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Place:
    """Where families live, and how far areas differ."""

    deciles: str = "spread"  # A "spread": the district stands for England; "real": areas keep their real IDACI rank
    area_loading: float = 0.45  # A about 20% of the variance of disadvantage lies between areas
    group_shift: Groups = (-0.05, 0.15, 0.45, 0.15, 0.35, -0.05)  # A tuned S, disadvantage by ethnic group
    group_shift_own: float = 0.6  # A share of that shift that is the family's own
    group_shift_area: float = 0.5  # A share of it that decides where the family lives
    ward_effect_sd: float = 0.10  # A extra ward variance of readiness, in logits
    school_effect_sd: float = 0.25  # A
    schools_per_ward: int = 3  # A
    school_in_ward: float = 0.80  # A families whose school follows the ward they live in
    move_place_correlation: float = 0.70  # A deprivation of the old and the new neighbourhood
    move_same_ward: float = 0.35  # A
    story_ward: str = "E05004033"  # the ward that the county is about: Vange
    story_under_fives: int | None = None  # M 812 in vange_ward [brief]; None leaves it to the weights
    story_poverty: float | None = None  # V 16.1% in vange_ward [brief]; None: as `poverty` gives
    story_z_mean: float | None = None  # A +.55 in vange_ward
    story_social_rent: float | None = None  # M 35% in vange_ward
    story_readiness: float | None = None  # S effect of the story ward on the latent; None draws it like any other


@dataclass(frozen=True)
class Family:
    """Who the families are; shares are of families unless said, loadings are on disadvantage z."""

    groups: Groups = (0.680, 0.129, 0.059, 0.075, 0.023, 0.034)  # V England 2023/24 [DFE-PNW]
    english_additional: Groups = (0.10, 0.55, 0.40, 0.14, 0.75, 0.25)  # A gives 20% overall
    partner_same_group: float = 0.88  # A
    another_child: tuple[float, ...] = (0.83, 0.46, 0.33, 0.30, 0.20)  # D from birth order 42/35/23 [ONS births 2017]
    another_child_z: float = 0.15  # A large families are more often poor, logit per sd of z
    birth_gap_least_days: int = 330  # A
    birth_gap_shape: float = 2.4  # A gamma, with the scale below: mean gap 2.8 years
    birth_gap_scale_days: float = 290.0  # A
    mothers_age_first: float = 28.4  # D mean at any birth is then 30.7 [ONS 2020]
    mothers_age_sd: float = 4.3  # M sd of 5.5 at any birth, with the slope below and the gaps
    mothers_age_z: float = -2.2  # A years per sd of z
    mothers_age_range: tuple[float, float] = (15.5, 44.0)  # A
    partner_older_mean: float = 2.5  # M years
    partner_older_sd: float = 4.5  # M
    education: tuple[float, ...] = (0.08, 0.32, 0.20, 0.28, 0.12)  # A none, gcse, a_level, degree, higher_degree
    education_z: float = -0.55  # A
    lone: float = 0.125  # M 20% at age 2, the rest through separation
    lone_z: float = 0.50  # A
    lone_income: float = 0.47  # A loading of what is left on the income factor: lone-UC .55
    free_meals: float = 0.247  # D 21% registered over the 85% who register
    free_meals_z: float = 0.75  # A
    free_meals_registered: float = 0.85  # A infants get a free meal anyway, so some families do not register
    credit: float = 0.32  # A universal credit or council tax support
    credit_z: float = 0.72  # A
    income_loading: float = 0.678  # A shared by free meals and credit: tetrachoric .75
    workless: float = 0.09  # M
    workless_z: float = 0.60  # A
    social_rent: float = 0.20  # M
    social_rent_z: float = 0.60  # A
    social_rent_income: float = 0.28  # A FSM-social rent .55
    private_rent: float = 0.275  # D 22% of all, among those not in social rent
    private_rent_z: float = 0.30  # A
    crowded: float = 0.08  # M
    crowded_z: float = 0.50  # A
    poverty: float = 0.087  # D national rate at which Vange would have 16.1%
    poverty_z: float = 0.80  # A
    smoked: float = 0.09  # M
    smoked_z: float = 0.45  # A
    smoked_education: float = -0.27  # A loading on the education residual: low education-smoking .45
    never_breastfed: float = 0.27  # M
    never_breastfed_z: float = 0.35  # A
    mental_health: float = 0.20  # A [32% report a condition, Wales 2023, V]
    mental_health_z: float = 0.30  # A
    substance: float = 0.05  # A
    substance_z: float = 0.40  # A
    adversity_loading: float = 0.57  # A shared by the two above: tetrachoric .40
    illness: float = 0.16  # A
    illness_z: float = 0.35  # A
    other_adult: float = 0.07  # A grandparents, lodgers
    arrived_later: float = 0.12  # A families that come to the county after a birth
    separation_a_year: float = 0.022  # A couples
    separation_abuse: float = 0.05  # A added in a year of abuse
    leaver_alone: float = 0.60  # A the adult who leaves forms a household
    leaver_joins: float = 0.22  # A or joins a lone parent; the others leave the county


@dataclass(frozen=True)
class Moves:
    """How often families change address."""

    log_rate: float = -0.35  # A mean number of moves from 0 to 4 is then .79
    z: float = 0.22  # A
    abuse: float = 0.5  # A
    by_tenure: tuple[float, float, float] = (0.70, 1.75, 0.90)  # A owner, private, social: moves-private rent .35
    scale: float = 1.20  # S brings the mean back to .79 after the line above
    older_child: float = 0.5  # A rate once the youngest child is 5
    least_days_between: int = 90  # A
    keeps_tenure: float = 0.85  # A
    temporary: float = 0.015  # M temporary accommodation ever, age 0 to 4
    temporary_z: float = 0.55  # A
    change_school: float = 0.60  # A children who change school when they move ward


@dataclass(frozen=True)
class Birth:
    """Children at birth."""

    male: float = 0.512  # V 311,661 of 608,217 [DFE-C24]
    preterm: tuple[float, float] = (0.011, 0.063)  # V total 7.4%, M split: before 32 weeks, 32 to 36
    preterm_smoked: float = 1.3  # A odds ratio
    weight_at_term: float = 3345.0  # M grams, girls
    weight_male: float = 110.0  # M
    weight_smoked: float = -170.0  # M
    weight_a_week: float = 165.0  # M grams per week before 39.5; low birthweight is then 7.0% [V 2017]
    weight_sd: float = 480.0  # M
    notified: float = 0.98  # A resident births in the extract


@dataclass(frozen=True)
class Health:
    """Health visiting, ASQ-3 and emergency visits."""

    new_birth: tuple[float, float] = (0.852, 0.980)  # V within 14 days, by 30 days [HV25]
    six_week: float = 0.84  # V
    one_year: float = 0.85  # V
    two_year_logit: float = 1.50  # V 80 to 81% done
    two_year_z: float = -0.35  # A
    one_year_z: float = -0.20  # A
    partner_year_sd: float = 0.20  # A teams differ by ward and year [district range 9.7 to 99.1%, V HV25]
    mood_concern: tuple[float, float] = (0.07, 0.42)  # A without and with a mental health need
    asq_need: float = 0.75  # A -> S
    asq_z: float = 0.30  # A -> S
    asq_male: float = 0.18  # A -> S
    asq_noise: float = 0.72  # A -> S
    asq_common: float = 0.93  # S correlation of a domain with the whole, so that 20% are below in some domain
    asq_ok: tuple[float, ...] = (0.853, 0.928, 0.926, 0.918, 0.903)  # V 2022/23 by domain [ASQ25]
    asq_cut: tuple[float, ...] = (25.2, 38.1, 35.2, 29.8, 31.5)  # M score below which a domain is of concern
    asq_mean: tuple[float, ...] = (48.0, 53.0, 50.0, 49.0, 50.0)  # M
    asq_scores_missing: float = 0.06  # A assessed, but domain scores not sent
    covid_coverage: float = -0.08  # A born September 2019 to August 2021
    covid_communication: float = -0.03  # A
    emergency_child: float = 0.60  # A visits a year under 5
    emergency_older: float = 0.28  # A
    emergency_adult: float = 0.18  # A
    emergency_z: float = 1.2  # A rate ratio per sd of z
    emergency_abuse: float = 1.3  # A rate ratio
    injury: float = 0.34  # A
    ambulance: float = 0.09  # A


@dataclass(frozen=True)
class EarlyYears:
    """Funded places before school."""

    two_year_takeup: float = 0.745  # V 74 to 75% of those eligible [EYA24]
    three_year_takeup: float = 0.95  # V
    outside_schools: float = 0.65  # A share of three-year-olds in settings that return the headcount
    two_year_outside_schools: float = 0.92  # A
    working: float = 0.55  # A three-year-olds whose working parents use 30 hours (from September 2017)
    working_two: float = 0.45  # A two-year-olds, from April 2024
    missed_sessions: float = 2.2  # A a term
    missed_z: float = 0.25  # A log rate per sd
    missed_need: float = 0.10  # A
    ratings: tuple[float, ...] = (0.15, 0.77, 0.06, 0.02)  # M Ofsted 1 to 4
    not_yet_rated: float = 0.05  # A


@dataclass(frozen=True)
class Services:
    """Benefits, dwellings, tenancies and adult needs."""

    council_support: float = 0.65  # A low-income homes in the council tax support extract
    arrears: float = 0.28  # A rows with council tax arrears
    award_gaps: float = 0.25  # A families whose credit stops for a while
    social_arrears: float = 0.25  # A social tenants with rent arrears in three years
    repairs_a_year: float = 0.8  # A
    complaints_a_year: float = 0.05  # A
    complaints_abuse: float = 2.0  # A rate ratio
    notice: float = 0.08  # A of those in arrears
    dwellings_known: float = 0.95  # A
    need_onset_years: float = 2.5  # A mean time from before the first birth until a need is recorded
    further_records: float = 1.1  # A mean number of later records of the same need
    treatment: float = 0.25  # M 1.2% of homes in drug or alcohol treatment, of 5% known to


@dataclass(frozen=True)
class Abuse:
    """Domestic abuse: the true process, and what the police come to record."""

    intercept: float = -4.12  # A -> S true rate 10% of household-years
    again: float = 1.7  # A -> S
    z: float = 0.20  # A -> S
    lone: float = 0.45  # A [ONS18RISK direction]
    social_rent: float = 0.45  # A [KHALIFEH 2.3]
    young_mother: float = 0.55  # A [PMC-DVA 1.48]
    illness: float = 0.45  # A [ONS18RISK 2.6]
    substance: float = 0.60  # A [PMC-DVA 1.90]
    mental_health: float = 0.55  # A [PMC-DVA 2.94]
    by_group: Groups = (0.0, 0.0, 0.0, 0.25, 0.0, 0.0)  # A [ONS18RISK mixed 10.1%]
    hidden: float = 1.55  # A -> S weight of u
    severe_from: float = 1.2  # A u above this
    further_size: float = 0.5  # A negative binomial size
    further_mean: tuple[float, float] = (1.6, 3.0)  # A incidents after the first; severe
    recorded: Groups = (0.11, 0.07, 0.09, 0.11, 0.08, 0.11)  # A the planted reporting bias
    recorded_social: float = 1.35  # A neighbours report
    recorded_severe: float = 1.5  # A
    story_shift: float = 0.0  # S added to the intercept in the story ward
    summer: float = 1.10  # M July and August
    late_december: float = 1.15  # M


@dataclass(frozen=True)
class Police:
    """What a police record holds."""

    crime: float = 0.60  # D 816k of 1.35m records [ONS25]
    child_present: float = 0.45  # A
    child_present_missing: float = 0.25  # A
    grades: tuple[float, ...] = (0.70, 0.22, 0.08)  # A standard, medium, high
    grade_hidden: float = 0.09  # S shift with u: next-year odds ratio about 1.3, high against standard
    grade_centre: float = 1.75  # S mean of u over records
    harm_sigma: float = 2.2  # V direction: 2 to 3% of pairs carry 80 to 90% of harm [BLAND, BARNHAM]
    harm_median: float = 5.0  # A days on a harm index
    victim_mother: float = 0.75  # V 74% female [ONSVC20]
    suspect_known: float = 0.85  # A
    other_rate: float = 0.09  # A other incidents per household-year
    other_z: float = 0.35  # A
    other_hidden: float = 0.30  # A adults in violent homes offend more elsewhere
    other_kinds: tuple[float, ...] = (0.45, 0.07, 0.14, 0.34)  # A antisocial, missing, burglary, other


@dataclass(frozen=True)
class SocialCare:
    """Children's social care."""

    contact: float = -3.4  # A logit per household-year
    contact_z: float = 0.45  # A
    contact_abuse: float = 0.9  # A
    contact_recorded: float = 1.3  # A
    contact_mental_health: float = 0.4  # A
    police_notifies: float = 0.70  # A child-present records that become a contact
    each_child: float = 0.90  # A brothers and sisters on the same contact
    referral: float = 0.80  # M referred before 5: one in five [Bilson and Martin]
    assessment: float = 0.85  # M
    investigation: float = 0.23  # M section 47 before 5: one in nineteen
    investigation_abuse: float = 0.10  # A added when abuse is the reason
    protection: float = 0.40  # M child protection plan after section 47
    looked_after: float = 0.20  # M after section 47
    in_need: float = 0.70  # M after assessment; every open case counts
    early_help: float = 0.45  # A contacts that stop there
    early_help_a_year: float = 0.012  # A families that ask, or whose health visitor does: 8% from 0 to 4
    early_help_z: float = 0.40  # A log rate
    factor: float = 0.48  # A true abuse noticed at assessment: 35 to 40% of assessments
    sources: tuple[float, ...] = (0.06, 0.27, 0.25, 0.17, 0.25)  # M police, health, school, family, other


@dataclass(frozen=True)
class Readiness:
    """Reaching a good level of development: odds ratios on the latent scale."""

    signal: bool = True  # False: the outcome depends on nothing
    need_z: float = 0.18  # A -> S
    need_male: float = 0.35  # A -> S
    need_top: float = 2.12  # S the top 3% of need lie above this
    need_weight: float = -0.95  # A -> S
    need_top_weight: float = -2.0  # A -> S
    sibling_need: float = 0.30  # A share of need that brothers and sisters have in common
    sibling_noise: float = 0.30  # A the same for what is left, so that the latent correlation is about .35
    male: float = 0.605  # S .51 recovered; V .43 adjusted in all [BIB]
    month_older: float = 1.13  # V 1.18 [BIB], D 1.11 national
    free_meals: float = 0.61  # V .71 [BIB], S on true eligibility; .66 on registration
    credit: float = 0.85  # V .89 [BIB]
    english_additional: float = 0.78  # D
    preterm: tuple[float, float] = (0.40, 0.68)  # V .34 and .64 [BIB]
    mothers_age: float = 1.01  # V [BIB]
    education: tuple[float, ...] = (0.32, 0.50, 0.62, 0.85, 1.0)  # V .27 for none [BIB]
    workless: float = 0.72  # V .66 [BIB]
    never_breastfed: float = 0.87  # V [BIB]
    smoked: float = 0.90  # A
    abuse: float = 0.70  # A [ABEL direction]
    home_move: float = 0.94  # V direction [HUTCH]
    most_moves: int = 4  # A
    school_move: float = 0.60  # V direction [HUTCH]
    idaci_decile: float = 1.036  # A
    by_group: Groups = (1.0, 1.13, 0.95, 1.11, 0.95, 0.67)  # A
    missed_review: float = 0.85  # A
    in_need: float = 0.60  # M on top of the rest
    protected: float = 0.50  # M
    looked_after: float = 0.55  # M
    funded_at_two: float = 1.10  # A
    trend_a_year: float = 0.008  # V direction 65.2 -> 68.3 [DFE-F1, DFE-D25]
    trend_centre: int = 2024  # the cohort that the targets describe
    programme_from: int = 2024  # A first cohort of the story ward's programme
    programme_exposed: float = 0.60  # A
    programme_log_odds: float = 0.30  # S +5 points if exposed, +3 points over the ward
    outreach_odds: float = 1.35  # A effect of being contacted
    outreach_from: int = 2021  # A first 1 September on which families are offered it
    outreach_offered: float = 0.06  # A
    outreach_takeup: float = 0.45  # A falling with z and with abuse
    outreach_takeup_z: float = -0.30  # A
    outreach_takeup_abuse: float = -0.50  # A
    goals: tuple[float, ...] = (
        0.81, 0.82, 0.835, 0.865, 0.88, 0.915, 0.85, 0.805, 0.76, 0.72, 0.79, 0.785, 0.80, 0.795, 0.835, 0.865, 0.875,
    )  # M each, tuned to V joint targets  # fmt: skip
    goal_common: float = 0.97  # S
    goal_area: float = 0.16  # S
    new_margin: float = 0.015  # S added under the new framework
    old_margin: float = 0.15  # S and under the old framework: 71.8% in 2018/19 [V DFE-F1]
    exempt_from: float = 2.84  # S need above which a child is exempt from all goals: 0.5% (A)
    exceeding: float = 0.16  # M old framework, share exceeding
    profiled: float = 0.97  # M children with a profile; the rest are in independent schools or elsewhere
    sen_need: float = 1.0  # S
    sen_outcome: float = 0.35  # S what the teacher sees in Reception is in both
    sen_noise: float = 0.5  # S
    sen_cuts: tuple[float, float] = (1.64, 2.62)  # S 10.5% support and 3% with a plan
    latent: tuple[float, ...] = (
        -9.600, -7.918, -6.183, -4.631, -3.874, -3.337, -2.919, -2.566, -2.254, -1.971, -1.716, -1.475,
        -1.239, -1.007, -0.785, -0.559, -0.330, -0.105, 0.134, 0.387, 0.647, 0.939, 1.262, 1.628,
        2.094, 2.739, 4.013, 5.400, 7.044,
    )  # S quantiles of the latent in England at `outcomes.LATENT_SHARES`  # fmt: skip


@dataclass(frozen=True)
class Lags:
    """Days from an event until the partner's file holds it: least and most."""

    register: tuple[int, int] = (5, 45)  # A
    births: tuple[int, int] = (14, 42)  # A a month
    health_visiting: tuple[int, int] = (28, 90)  # A one to three months
    early_years: tuple[int, int] = (60, 95)  # A three months
    schools: tuple[int, int] = (35, 60)  # A two months
    benefits: tuple[int, int] = (5, 35)  # A monthly
    housing: tuple[int, int] = (5, 35)  # A monthly
    social_care: tuple[int, int] = (0, 6)  # A daily
    police: tuple[int, int] = (1, 14)  # A weekly
    adult_services: tuple[int, int] = (3, 30)  # A
    hospitals: tuple[int, int] = (3, 35)  # A


@dataclass(frozen=True)
class Parameters:
    """All of them, by theme."""

    most_children: int | None = None  # None: as many as asked for
    place: Place = field(default_factory=Place)
    family: Family = field(default_factory=Family)
    moves: Moves = field(default_factory=Moves)
    birth: Birth = field(default_factory=Birth)
    health: Health = field(default_factory=Health)
    early_years: EarlyYears = field(default_factory=EarlyYears)
    services: Services = field(default_factory=Services)
    abuse: Abuse = field(default_factory=Abuse)
    police: Police = field(default_factory=Police)
    social_care: SocialCare = field(default_factory=SocialCare)
    readiness: Readiness = field(default_factory=Readiness)
    lags: Lags = field(default_factory=Lags)

"""Who is scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property

from riskmodel.declare.expression import Expression
from riskmodel.declare.feature import Feature
from riskmodel.declare.naming import check_text
from riskmodel.declare.reach import check_reach
from riskmodel.declare.scope import Scope
from riskmodel.declare.source import Source
from riskmodel.errors import DeclarationError, nearest_name


@dataclass(frozen=True)
class Cohort:
    """The cases at an as-of date.

    For each key of the source its latest version known by the as-of date is taken; rows that match `where` stay,
    and of those the ones for which every `having` feature is true or not zero.

    Parameters
    ----------
    description
        Who this is, in plain English.
    source
        The register of cases.
    where
        SQL snippet over the source, such as "age(date_of_birth) = 3".
    area
        Column of the source that says where the case lives.
    districts
        Larger areas, each with the areas it holds, such as ``{"North": ["E05000001", "E05000002"]}``: each is left out
        whole to see whether the model holds in a district it never saw.
    area_names
        What areas are called, by their values in the column of `area`; the card says these names.
    having
        Features that must be true (or not zero) as well.
    together
        Cases that may not be split between training and test: those linked through the groups of a scope, or those
        that share a value in a column of the source.
    called
        What one of them, and several, are called in plain words on the first pages of the card, such as
        ``("child", "children")``.

    Raises
    ------
    DeclarationError
        If a column is not declared or a feature cannot be reached from the source.

    Examples
    --------
    >>> from riskmodel.declare.examples import people
    >>> Cohort("Children aged 3", people, where="age(date_of_birth) = 3", area="ward_code").condition.kind
    <class 'bool'>
    """

    description: str
    source: Source
    _: KW_ONLY
    where: str | None = None
    area: str | None = None
    districts: Mapping[str, Sequence[str]] = field(default_factory=dict, hash=False)
    area_names: Mapping[str, str] = field(default_factory=dict, hash=False)
    having: Sequence[Feature] = ()
    together: Scope | str | None = None
    called: tuple[str, str] = ("case", "cases")

    def __post_init__(self) -> None:
        object.__setattr__(self, "having", tuple(self.having))
        _check_called(self)
        check_text(self.description, "The description of a cohort")
        _ = self.condition
        object.__setattr__(self, "districts", {name: tuple(areas) for name, areas in self.districts.items()})
        if self.area is not None:
            _check_text_column(self, "area", self.area)
        _check_districts(self)
        object.__setattr__(self, "area_names", dict(self.area_names))
        for name in self.area_names.values():
            check_text(name, f"The name of an area of the cohort '{self.description}'")
        if isinstance(self.together, str):
            _check_text_column(self, "together", self.together)
        elif self.together is not None:
            _check_together(self, self.together)
        for feature in self.having:
            check_reach(f"Feature '{feature.name}'", feature.source, feature.of, self.source.key)
            if feature.dtype == "category":
                raise DeclarationError(
                    f"The cohort '{self.description}' is narrowed by '{feature.name}', which is a category.",
                    "A feature in having= must be true, or not zero.",
                    next_step="Use has or count with a where=.",
                )

    @cached_property
    def condition(self) -> Expression | None:
        """The parsed `where`, or None."""
        return None if self.where is None else Expression.parse(self.where, self.source, bool)

    @property
    def unit(self) -> str:
        """What is never cut in two, in words: the group that keeps cases together, or a case.

        Examples
        --------
        >>> from riskmodel.declare.examples import people
        >>> Cohort("Children", people).unit, Cohort("Children", people, together="ward_code").unit
        ('case', 'ward code')
        """
        group = self.together.group if isinstance(self.together, Scope) else self.together
        return "case" if group is None else group.removesuffix("_id").replace("_", " ")


def _check_called(cohort: Cohort) -> None:
    if not isinstance(cohort.called, str) and len(cohort.called) == 2:
        object.__setattr__(cohort, "called", tuple(cohort.called))
        for word in cohort.called:
            check_text(word, f"The word for a case of the cohort '{cohort.description}'")
        return
    raise DeclarationError(
        f"The cohort '{cohort.description}' says called={cohort.called!r}.",
        "called= gives two words: one case, and several.",
        next_step='Write for instance called=("child", "children").',
    )


def _check_districts(cohort: Cohort) -> None:
    """Districts are two or more, hold areas, and none shares an area with another."""
    districts = cohort.districts
    if not districts:
        return
    held = Counter(area for areas in districts.values() for area in areas)
    wrong = [f"'{area}' is named {n} times" for area, n in held.items() if n > 1]
    wrong += [f"'{name}' holds no area" for name, areas in districts.items() if not areas]
    wrong += ["there is only one"] if len(districts) == 1 else []
    wrong += ["the cohort has no area="] if cohort.area is None else []
    if wrong:
        raise DeclarationError(
            f"The districts of the cohort '{cohort.description}' cannot be left out in turn: {'; '.join(wrong)}.",
            "districts= gives two or more districts, each with areas of its own, named as in the column of area=.",
            next_step='Write districts={"North": ["E05000001"], "South": ["E05000002"]}, or leave it out.',
        )


def _check_together(cohort: Cohort, scope: Scope) -> None:
    if cohort.source.key not in (scope.via.key, scope.group):
        raise DeclarationError(
            f"The cohort '{cohort.description}' keeps cases together through the scope '{scope.description}', which "
            f"links '{scope.via.key}' and '{scope.group}'.",
            f"Its cases are keyed by '{cohort.source.key}', which is neither.",
            next_step=f"Use a scope whose members or whose group are keyed by '{cohort.source.key}'.",
        )


def _check_text_column(cohort: Cohort, setting: str, column: str) -> None:
    kinds = cohort.source.all_columns
    if kinds.get(column) is not str:
        raise DeclarationError(
            f"The cohort '{cohort.description}' says {setting}='{column}', which is not a text column of source "
            f"'{cohort.source.name}'.",
            f"{setting}= names a text column of the cohort's source.",
            nearest=nearest_name(column, [name for name, kind in kinds.items() if kind is str]),
            next_step="Correct the name or declare the column.",
        )

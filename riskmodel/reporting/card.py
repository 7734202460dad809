"""The model card: one document composed from an evaluation, printed as HTML, Markdown and JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskmodel.declare import Prototype
from riskmodel.errors import EvaluationError
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.results import Evaluation
from riskmodel.files import atomic_folder, settle
from riskmodel.reporting.consistent import contradictions_in_print
from riskmodel.reporting.disclosure import USUAL, Policy
from riskmodel.reporting.document import Document, Section
from riskmodel.reporting.forms.algo_care import algo_care
from riskmodel.reporting.forms.atrs import atrs
from riskmodel.reporting.forms.dpia import dpia
from riskmodel.reporting.forms.equality import equality
from riskmodel.reporting.forms.information import information
from riskmodel.reporting.forms.pack import Pack, pack_of
from riskmodel.reporting.forms.probast import probast
from riskmodel.reporting.forms.statements import statements as statements_form
from riskmodel.reporting.forms.tripod import tripod
from riskmodel.reporting.front_matter import front_matter
from riskmodel.reporting.markdown import document_markdown
from riskmodel.reporting.material import Gaps, Material, gather, required
from riskmodel.reporting.page import document_html
from riskmodel.reporting.pdf import page_pdf
from riskmodel.reporting.plain import document_plain
from riskmodel.reporting.release import draft_words
from riskmodel.reporting.releases import carry_over, load_releases, refuse_differences
from riskmodel.reporting.sections import data, fairness, front, performance, record
from riskmodel.reporting.sections.about import about
from riskmodel.reporting.sections.calibrated import calibrated
from riskmodel.reporting.sections.checks import checks
from riskmodel.reporting.sections.comparison import comparison
from riskmodel.reporting.sections.corrected import corrected
from riskmodel.reporting.sections.elsewhere import elsewhere
from riskmodel.reporting.sections.enough import enough
from riskmodel.reporting.sections.explained import explained
from riskmodel.reporting.sections.inside_groups import inside_groups
from riskmodel.reporting.sections.intersections import intersections
from riskmodel.reporting.sections.label_bias import label_bias
from riskmodel.reporting.sections.linked import linked
from riskmodel.reporting.sections.missing_people import missing_people
from riskmodel.reporting.sections.mitigation import mitigation
from riskmodel.reporting.sections.privacy import privacy
from riskmodel.reporting.sections.proxies import proxies
from riskmodel.reporting.sections.stability import stability
from riskmodel.reporting.sections.workload import workload
from riskmodel.reporting.statements import Statements
from riskmodel.reporting.wording import sentence

INVENTED = (
    "Invented data. Every person, record and result on this page was made up by a computer program, to show how the "
    "card "
    "works. Nothing here says anything about a real person, family or place."
)

#: The order of a card: first what everybody needs, then the evidence.
_SECTIONS: tuple[Callable[[Material, Gaps], Section], ...] = (
    front.verdict,
    front.purpose,
    front.responsibility,
    front.usefulness,
    front.missed,
    front.validity,
    front.limits,
    data.data,
    data.cohort,
    performance.performance,
    performance.calibration,
    performance.capacity,
    fairness.fairness,
    record.explanation,
    record.criteria,
    record.training,
    record.protected,
    record.provenance,
    record.disclosure,
)

#: Sections that rest on the evidence beyond the figures; one returns None when its part was not gathered. They stand
#: before what moves the scores.
_EVIDENCE: tuple[Callable[[Material], Section | None], ...] = (
    corrected,
    calibrated,
    inside_groups,
    workload,
    elsewhere,
    enough,
    missing_people,
    comparison,
    linked,
    intersections,
    proxies,
    label_bias,
    mitigation,
)
_EVIDENCE_BEFORE = record.explanation
#: Those that carry on from what moves the scores.
_EXPLAINING: tuple[Callable[[Material], Section | None], ...] = (
    explained,
    stability,
    privacy,
    checks,
)
_EXPLAINING_BEFORE = record.criteria

#: The forms that committees ask for, filled from everything before them; what is still to be written comes last.
_FORMS: tuple[Callable[[Pack], Section], ...] = (
    atrs,
    algo_care,
    tripod,
    probast,
    equality,
    dpia,
    information,
    statements_form,
)


@dataclass(frozen=True)
class ModelCard:
    """What a committee reads about one model, before it decides.

    Make one with `ModelCard.compose`. The three formats are printed from the same `document`, so that a number has one
    source.

    Attributes
    ----------
    name : str
        Name of the prototype.
    document : riskmodel.reporting.document.Document
        Everything that is printed, after disclosure control.
    front_matter : str
        YAML for the top of the Markdown, with its fences.
    """

    name: str
    document: Document
    front_matter: str = ""

    @classmethod
    def compose(
        cls,
        prototype: Prototype,
        evaluation: Evaluation,
        matrix_manifest: Mapping[str, Any],
        warehouse_manifest: Mapping[str, Any],
        training_record: Mapping[str, Any],
        evidence: Evidence | None = None,
        statements: Statements | None = None,
        *,
        release: bool = False,
        project: str = "",
        invented: bool = False,
        policy: Policy = USUAL,
    ) -> ModelCard:
        """Compose the card of an evaluated model.

        Parameters
        ----------
        prototype
            What was declared.
        evaluation
            What was measured.
        matrix_manifest, warehouse_manifest
            Manifests of the design matrix and of the warehouse it was built from.
        training_record
            The record of the training; `lead_reason` and `trials` in it are printed too.
        evidence
            What was gathered beyond the figures of the evaluation; each part of it gives a section.
        statements
            What people wrote in the prototype's card.toml; left out, all of it is still to be written.
        release
            Whether the card is to be released: then blanks are refused instead of listed.
        project
            Name of the project, for the head of the card.
        invented
            Whether the project's data describe no real person. The evaluation may say so as well; either is enough.
        policy
            Disclosure rules, from `riskmodel.toml`.

        Returns
        -------
        ModelCard

        Raises
        ------
        CardIncomplete
            If a required section cannot be filled, or a card to be released has blanks; names everything that is
            missing at once.
        DisclosureError
            If totals alone would give a small group away.
        EvaluationError
            If printed figures contradict each other.
        """
        made_up = invented or bool(evaluation.generated_from.get("data_is_invented"))
        said, gaps = statements or Statements(), Gaps()
        material = gather(
            prototype,
            evaluation,
            matrix_manifest,
            warehouse_manifest,
            training_record,
            policy=policy,
            project=project,
            invented=made_up,
            evidence=evidence,
        )
        if problems := contradictions_in_print(material):
            raise EvaluationError(
                f"The printed figures of '{prototype.name}' contradict each other. {'. '.join(problems)}.",
                "A card is printed only when all its figures can be true at once.",
                next_step="Evaluate again; if it stays, report it as a fault of riskmodel.",
            )
        sections = _sections(material, gaps)
        draft = draft_words(said, release=release, invented_data=made_up, gaps=gaps)
        gaps.refuse(prototype.name)
        pack = pack_of(material, said, sections)
        document = Document(
            title=f"Model card: {sentence(prototype.name.replace('_', ' '))}",
            subtitle=prototype.question,
            banner=INVENTED if made_up else "",
            sections=(*sections, *(form(pack) for form in _FORMS)),
            facts=_facts(material, said),
            footer=f"{project}. " if project else "",
            draft=draft,
        )
        return cls(prototype.name, document, front_matter(material, said))

    def html(self) -> str:
        """The card as one self-contained HTML page: no script, no network, prints well."""
        return document_html(self.document)

    def markdown(self) -> str:
        """The card as Markdown, with the tables behind the charts in place of the charts."""
        return self.front_matter + document_markdown(self.document)

    def json(self) -> str:
        """The card as JSON: every section, table and figure as printed."""
        return json.dumps(document_plain(self.document), indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    def pdf(self) -> bytes:
        """The printed card as a tagged PDF (PDF/UA-1); needs the `pdf` extra and takes some ten seconds."""
        return page_pdf(self.html())

    def save(self, folder: Path | str, *, pdf: bool = False) -> list[Path]:
        """Write `<folder>/<name>/card.html`, `.md`, `.json` and, if asked, `.pdf`, all or nothing.

        A card that is no draft is also recorded as a release, in `<folder>/<name>/releases/NNN.json`.

        Parameters
        ----------
        folder
            The folder of all cards; this card's own folder inside it is replaced, but for the records of its releases.
        pdf
            Whether to write `card.pdf` too. Without it an older one is gone, so that no PDF tells of another model.

        Returns
        -------
        list of Path
            HTML, Markdown, JSON and, if asked, PDF.

        Raises
        ------
        PdfError
            If a PDF is asked for and cannot be made on this computer (`riskmodel.reporting.pdf.page_pdf`).
        DisclosureError
            If the card is no draft, and could be subtracted from an earlier release to find a small count
            (`riskmodel.reporting.releases.differences`).
        """
        target = Path(folder) / self.name
        settle(target)
        files = {"card.html": self.html(), "card.md": self.markdown(), "card.json": self.json()}
        released = not self.document.draft
        if released:
            refuse_differences(json.loads(files["card.json"]), load_releases(target))
        drawn = {"card.pdf": page_pdf(files["card.html"])} if pdf else {}
        with atomic_folder(target) as temporary:
            for name, content in files.items():
                (temporary / name).write_text(content, encoding="utf-8", newline="\n")
            for name, drawing in drawn.items():
                (temporary / name).write_bytes(drawing)
            carry_over(target, temporary, files["card.json"] if released else None)
        return [target / name for name in (*files, *drawn)]


def _sections(material: Material, gaps: Gaps) -> tuple[Section, ...]:
    found: list[Section] = []
    for build in _SECTIONS:
        parts = _EVIDENCE if build is _EVIDENCE_BEFORE else _EXPLAINING if build is _EXPLAINING_BEFORE else ()
        found += [section for part in parts if (section := part(material)) is not None]
        found.append(required(build(material, gaps), gaps))
    front = [section for section in found if section.part == "front"]
    return (*front, about(front), *(section for section in found if section.part != "front"))


def _facts(material: Material, statements: Statements) -> tuple[tuple[str, Any], ...]:
    made = material.evaluation.generated_from
    return (
        ("prototype", material.prototype.name),
        ("project", material.project),
        ("invented_data", material.invented),
        ("decision", material.evaluation.verdict.decision),
        ("lead", material.lead.name),
        ("expires_on", material.training.get("expires_on")),
        ("prototype_digest", material.prototype.digest()),
        ("tested_on", list(material.evaluation.test.get("as_of", ()))),
        ("matrix_digest", made.get("matrix_digest")),
        ("model_digest", made.get("model_digests", {}).get(material.lead.name)),
        ("disclosure", dataclasses.asdict(material.policy)),
        ("statements", _written(statements)),
    )


def _written(statements: Statements) -> dict[str, Any]:
    """What people wrote, without the blanks."""
    written: dict[str, Any] = {name: text for name, text in statements.texts().items() if text}
    lists = statements.model_dump(mode="json", include={"third_parties", "impact_assessments", "risks"})
    return written | {name: entries for name, entries in lists.items() if entries}

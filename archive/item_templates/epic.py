"""Epics told or sung: hơmon, and what other peoples call theirs."""

from django.utils.translation import gettext_lazy as _

from archive.item_templates.shapes import ItemTemplate, OwnField

EPIC = ItemTemplate(
    key="epic",
    name=_("Epic"),
    help=_("One telling of an epic by one narrator: a recording, or its written text."),
    kinds=("audio", "video", "document", "ebook"),
    required=(
        "titles",
        "credits",
        "languages",
        "peoples",
        "located",
        "date_edtf",
        "origin_statements",
        "rights",
    ),
    shown=(
        "titles",
        "credits",
        "languages",
        "peoples",
        "located",
        "date_edtf",
        "descriptions",
        "origin_statements",
        "rights",
    ),
    own=(
        OwnField(
            key="incipit",
            label=_("First line (incipit)"),
            help=_(
                "The first words as they are sung, in their own language. They tell two tellings of one title apart."
            ),
            form="text",
            dcterms="dcterms:alternative",
            required=True,
        ),
        OwnField(
            key="heroes",
            label=_("Heroes"),
            help=_("Names of the heroes as the narrator says them, one in each line."),
            form="text",
            dcterms="dcterms:subject",
            required=True,
        ),
        OwnField(
            key="cycle",
            label=_("Cycle and part"),
            help=_("The cycle that it belongs to, and which part of it is told here."),
            form="text",
            dcterms="dcterms:isPartOf",
        ),
        OwnField(
            key="completeness",
            label=_("How much of it is here"),
            help=_("What the recording or the text holds of the whole telling."),
            form="choice",
            choices={
                "whole": _("the whole telling"),
                "part": _("a part, chosen"),
                "broken_off": _("broken off"),
                "summary": _("told in short"),
            },
            dcterms="dcterms:description",
        ),
        OwnField(
            key="nights",
            label=_("Nights of telling"),
            help=_("How many nights the whole telling takes."),
            form="number",
            unit=_("nights"),
            least=1,
            most=60,
            dcterms="dcterms:extent",
        ),
        OwnField(
            key="tellings",
            label=_("Number of performances"),
            help=_("How many performances this item was recorded at."),
            form="number",
            unit=_("times"),
            least=1,
            most=500,
            dcterms="dcterms:extent",
        ),
        OwnField(
            key="occasion",
            label=_("Occasion"),
            help=_("Why it was told: a feast, a mourning, an evening at home, a request of the recordist."),
            form="text",
            dcterms="dcterms:description",
            required=True,
        ),
        OwnField(
            key="setting",
            label=_("Where and before whom"),
            help=_("Communal house, hearth, field hut; who listened."),
            form="text",
            dcterms="dcterms:description",
        ),
        OwnField(
            key="singing_style",
            label=_("Way of telling"),
            help=_("How most of it is performed."),
            form="choice",
            choices={
                "sung": _("sung"),
                "chanted": _("chanted"),
                "sung_and_told": _("sung and told by turns"),
                "told": _("told"),
            },
            dcterms="dcterms:type",
        ),
        OwnField(
            key="learnt_from",
            label=_("Learnt from"),
            help=_("From whom the narrator has it, as far back as is remembered."),
            form="text",
            dcterms="dcterms:provenance",
        ),
    ),
)

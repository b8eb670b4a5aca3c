"""Photographs: prints, negatives, slides, and pictures that were digital from the start."""

from django.utils.translation import gettext_lazy as _

from archive.item_templates.shapes import ItemTemplate, OwnField

PHOTOGRAPH = ItemTemplate(
    key="photograph",
    name=_("Photograph"),
    help=_("One photograph, with its back if something is written there, or one album."),
    kinds=("image", "document"),
    required=("titles", "date_edtf", "located", "rights"),
    shown=(
        "titles",
        "date_edtf",
        "located",
        "credits",
        "peoples",
        "descriptions",
        "depicts_person",
        "subjects",
        "rights",
        "rights_statements",
    ),
    own=(
        OwnField(
            key="process",
            label=_("Process"),
            help=_("How the original was made."),
            form="choice",
            choices={
                "digital": _("digital"),
                "print_bw": _("print, black and white"),
                "print_colour": _("print, colour"),
                "negative_bw": _("negative, black and white"),
                "negative_colour": _("negative, colour"),
                "slide": _("slide"),
                "glass": _("glass plate"),
                "instant": _("instant picture"),
                "postcard": _("postcard or printed picture"),
                "unknown": _("not known"),
            },
            dcterms="dcterms:medium",
            required=True,
        ),
        OwnField(
            key="height_cm",
            label=_("Height"),
            help=_("Of the picture itself, without mount or frame."),
            form="number",
            unit="cm",
            least=0.5,
            most=500,
            whole=False,
            dcterms="dcterms:extent",
        ),
        OwnField(
            key="width_cm",
            label=_("Width"),
            help=_("Of the picture itself, without mount or frame."),
            form="number",
            unit="cm",
            least=0.5,
            most=500,
            whole=False,
            dcterms="dcterms:extent",
        ),
        OwnField(
            key="inscription",
            label=_("Inscription"),
            help=_(
                "What is written or stamped on it, letter by letter, and where. Wording of its time is kept as it is."
            ),
            form="text",
            dcterms="dcterms:description",
        ),
        OwnField(
            key="negative_number",
            label=_("Number of the negative or file"),
            help=_("As the photographer or holder gave it."),
            form="plain",
            dcterms="dcterms:identifier",
        ),
        OwnField(
            key="album",
            label=_("Album or report"),
            help=_("Where it is kept or was first shown, with the page."),
            form="text",
            dcterms="dcterms:isPartOf",
        ),
        OwnField(
            key="told_by",
            label=_("Identified by"),
            help=_("Who told what it shows, and when."),
            form="text",
            dcterms="dcterms:provenance",
        ),
        OwnField(
            key="holder",
            label=_("Holder of the original"),
            help=_("The family, person or body that keeps it, as they wish to be named."),
            form="text",
            dcterms="dcterms:provenance",
        ),
        OwnField(
            key="condition",
            label=_("Condition"),
            help=_("Damage, fading and lost parts, with the day when it was looked at."),
            form="text",
            dcterms="dcterms:description",
        ),
    ),
)

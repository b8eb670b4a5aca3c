"""Recordings of gong ensembles."""

from django.utils.translation import gettext_lazy as _

from archive.item_templates.shapes import ItemTemplate, OwnField

GONG_RECORDING = ItemTemplate(
    key="gong_recording",
    name=_("Gong recording"),
    help=_("One piece, or several in a row, played by one gong ensemble."),
    kinds=("audio", "video"),
    required=("titles", "languages", "peoples", "credits", "located", "date_edtf", "origin_statements", "rights"),
    shown=(
        "titles",
        "peoples",
        "located",
        "date_edtf",
        "credits",
        "languages",
        "descriptions",
        "origin_statements",
        "rights",
    ),
    own=(
        OwnField(
            key="set_name",
            label=_("Name of the gong set"),
            help=_("What the village calls the set, in its own language."),
            form="text",
            dcterms="dcterms:medium",
            required=True,
        ),
        OwnField(
            key="bossed_gongs",
            label=_("Bossed gongs"),
            help=_("How many gongs with a boss are played."),
            form="number",
            unit=_("gongs"),
            most=40,
            dcterms="dcterms:medium",
        ),
        OwnField(
            key="flat_gongs",
            label=_("Flat gongs"),
            help=_("How many gongs without a boss are played."),
            form="number",
            unit=_("gongs"),
            most=40,
            dcterms="dcterms:medium",
        ),
        OwnField(
            key="other_instruments",
            label=_("Other instruments"),
            help=_("Drums, cymbals, rattles and others that are heard, one in each line."),
            form="text",
            dcterms="dcterms:medium",
        ),
        OwnField(
            key="tuning",
            label=_("Tuning"),
            help=_("How the set is tuned, by whom and when, as the players tell it."),
            form="text",
            dcterms="dcterms:description",
        ),
        OwnField(
            key="occasion",
            label=_("Occasion"),
            help=_(
                "What the piece is played for: new rice, a new communal house, a farewell to the dead, welcome of guests."
            ),
            form="text",
            dcterms="dcterms:description",
            required=True,
        ),
        OwnField(
            key="outside_occasion",
            label=_("Played outside its occasion"),
            help=_("Whether the village lets this piece be played and heard at other times. Ask before you choose."),
            form="choice",
            choices={
                "free": _("at any time"),
                "occasion_only": _("on its occasion only"),
                "ask": _("the village is to be asked"),
            },
            dcterms="dcterms:accessRights",
            required=True,
        ),
        OwnField(
            key="players_number",
            label=_("Number of players"),
            help=_("Those who beat gongs and drums, without dancers."),
            form="number",
            unit=_("persons"),
            least=1,
            most=200,
            dcterms="dcterms:extent",
        ),
        OwnField(
            key="players",
            label=_("Who plays"),
            help=_("By the custom of the village."),
            form="choice",
            choices={
                "men": _("men"),
                "women": _("women"),
                "men_and_women": _("men and women"),
                "youth": _("young people, children"),
            },
            dcterms="dcterms:description",
        ),
        OwnField(
            key="dance",
            label=_("Dance"),
            help=_("The dance that goes with it and its steps, if any."),
            form="text",
            dcterms="dcterms:description",
        ),
        OwnField(
            key="set_holder",
            label=_("Holder of the set"),
            help=_("The family or village that keeps the gongs."),
            form="text",
            dcterms="dcterms:provenance",
        ),
        OwnField(
            key="equipment",
            label=_("Recording equipment"),
            help=_("Recorder, microphones and where they stood."),
            form="plain",
            dcterms="dcterms:description",
        ),
    ),
)

"""What staff read when an action is refused."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from archive.actions.errors import ActionRefused

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SENTENCES: "dict[str, StrPromise]" = {
    "not_allowed": _("Your account may not do this. Nothing was changed."),
    "stale_version": _("Somebody else saved this item meanwhile. Nothing was overwritten."),
    "untitled": _("An item needs a title before it is published. It stays as it was."),
    "wrong_state": _("The item is in another state by now. Nothing was changed; look at it again."),
    "places_shown": _("Places of what is published are changed by somebody who may publish. Nothing was changed."),
    "name_withheld": _(
        "A name that must not be spoken is told again by somebody who may publish: published items name it. Nothing was changed."
    ),
    "unreadable": _("The reason holds a character that cannot be read. Nothing was changed; write it again."),
    "origin_needed": _(
        "Its rights need a statement of origin: whose it is, from which village, and what the performers wish. The item stays as it was."
    ),
    "word_long": _("A word is longer than 60 letters. Nothing was changed."),
    "words_lacking": _("Too little is filled yet for readers to be offered this language. Nothing was changed."),
    "told_settled": _("What was told was taken back or decided otherwise meanwhile. Nothing was changed."),
    "draft_too_long": _("This form is too long to be kept unsaved. Save it."),
    "no_consent": _(
        "Somebody can be recognised in it who has not consented to be published online. The item stays as it was. Record the consent first."
    ),
    "unreviewed": _(
        "Here two people look at everything before readers see it: submit it for review first. The item stays as it was."
    ),
    "incomplete": _(
        "Its template asks for more before readers see it: the page of the item says for what. The item stays as it was."
    ),
    "own_submission": _(
        "You submitted this item for review yourself: somebody else looks at it and publishes it. The item stays as it was."
    ),
    "own_words": _(
        "You changed this item after it was sent to review: somebody else looks at it and publishes it. The item stays as it was."
    ),
    "published_words": _(
        "Readers see this item already: its description is changed by somebody who may publish. Nothing was changed."
    ),
    "bad_language": _("That is not a language tag, such as vi, bdq or sed. Nothing was changed."),
    "wrong_recording": _("A subtitle file or transcript belongs to a recording of the same item. Nothing was changed."),
    "remark_missing": _("Write what you want to say. Nothing was kept."),
    "remark_long": _("That is too long for a remark: 4,000 letters at most. Nothing was kept."),
    "reason_missing": _("Say why, for the log. Nothing was changed."),
    "consent_of_one": _(
        "Say who consents: choose the person, or write the name, or choose the community; one of the three."
    ),
    "consent_without_items": _("Choose the items that it was given for."),
    "consent_without_scope": _("Tick at least one thing that is allowed."),
    "consent_without_guardian": _("A child consents together with a guardian: write the guardian's name as well."),
    "consent_of_tomorrow": _("A consent cannot be given later than today."),
    "consent_over_before": _("It would be over before it was given."),
    "consent_withdrawn": _("This consent is withdrawn already. Nothing was changed."),
    "evidence_is_there": _("The evidence is there already, and is never exchanged. Nothing was changed."),
    "published_exhibit": _(
        "Readers see this exhibit already: it is changed by somebody who may publish exhibits. Nothing was changed."
    ),
    "untitled_exhibit": _(
        "An exhibit needs a title and at least one block before it is published. It stays as it was."
    ),
    "unreviewed_exhibit": _(
        "Here two people look at everything before readers see it: submit the exhibit for review first. It stays as it was."
    ),
    "own_exhibit": _(
        "You submitted or changed this exhibit yourself: somebody else looks at it and publishes it. It stays as it was."
    ),
    "exhibit_is_shown": _("Readers see this exhibit: take it back to draft first. Nothing was changed."),
    "binned": _("It is in the bin. Take it out first. Nothing was changed."),
    "not_binned": _("It is not in the bin. Nothing was changed."),
    "identifier_taken": _("The identifier that it had is not free any more. Nothing was changed."),
    "nothing_kept": _("Of this revision nothing is kept. Nothing was changed."),
    "taken": _("Something else has its address by now. Nothing was changed."),
    "in_use": _("It is in use. Nothing was deleted."),
    "merge_itself": _("Choose another one of the same kind. Nothing was changed."),
    "merge_ring": _(
        "One of the two lies above the other, with something between them. Put that elsewhere first. Nothing was changed."
    ),
    "was_open": _("What readers have seen is withdrawn, not deleted. Nothing was changed."),
    "protocol_not_yours": _(
        "Under this protocol its stewards and contributors put things. Nothing was changed; choose another one."
    ),
    "protocol_keeps": _(
        "It lies under a protocol: only its stewards open it or take it out. You may close it more tightly. Nothing was changed."
    ),
    "own_role": _(
        "Nobody gives a role to themselves: ask another manager or steward, or the library. Nothing was changed."
    ),
    "over_already": _("This day is over already. Choose a later one. Nothing was changed."),
    "is_member": _("This account belongs to the community already. Nothing was changed."),
    "is_blocked": _("This account is blocked in the community. Take the block off first. Nothing was changed."),
    "not_of_community": _(
        "Members of a protocol belong to one of its communities, and this account does not. Nothing was changed."
    ),
    "has_role": _("This account has this role already. Nothing was changed."),
    "gone": _("Somebody else has ended this meanwhile. Nothing was changed."),
    "parent_ring": _("A community cannot be part of one that is part of it. Nothing was changed."),
    "no_community": _("A protocol belongs to at least one community. Nothing was changed."),
    "not_its_protocol": _("This protocol belongs to another community. Nothing was changed."),
    "invitation_used": _("This invitation was used or withdrawn meanwhile. Nothing was changed."),
    "invitation_not_valid": _("This code does not hold, or no longer. Ask whoever gave it to you for a new one."),
    "still_working": _("There is nothing to try again: the work goes on or is done."),
    "work_over": _("There is nothing to cancel: the work is over already."),
}


def sentence(error: ActionRefused) -> str:
    """Return the reason in the active language."""
    return str(SENTENCES.get(error.code, error.code))

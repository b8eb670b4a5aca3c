"""Sentences of Django that its Vietnamese catalogue lacks, or says as no librarian would, and that the desk can show.

Nothing imports this: the texts stand here so that `make messages` keeps them in our catalogue, which goes before
Django's. Copied letter by letter from Django 5.2, or they are not found.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext

FRAME = (
    _("Breadcrumbs"),
    _("Skip to main content"),
    _("Sidebar"),
    _("Toggle navigation"),
    _("Filter navigation items"),
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("Toggle theme (current theme: auto)"),
    _("Toggle theme (current theme: light)"),
    _("Toggle theme (current theme: dark)"),
    _("Error:"),
    _("Action:"),
    _("Go"),
    _("Hide counts"),
    _("Show counts"),
    _("Select all objects on this page for an action"),
    _("Select this object for an action - {}"),
    _("View selected %(model)s"),
    _("Added:"),
    _("Changed:"),
    _("Deleted:"),
    _(" By %(filter_title)s "),
    _("Add"),
    _("Change"),
    _("Add %(name)s"),
    _("Select %s to change"),
    _("Change %s"),
    _("Messages"),
    _("Sessions"),
)
ACCOUNTS = (
    _("Forgotten your login credentials?"),
    _("staff status"),
    _("Designates whether the user can log into this admin site."),
    _("superuser status"),
    _("Designates that this user has all permissions without explicitly assigning them."),
    _("active"),
    _("Designates whether this user should be treated as active. Unselect this instead of deleting accounts."),
    _("Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only."),
    _("groups"),
    _("permission"),
    _("permissions"),
    _("Your old password was entered incorrectly. Please enter it again."),
    _("Set password"),
    _("Set password: %s"),
    _("Reset password"),
    _("Enabled"),
    _("Disabled"),
    _("Password-based authentication"),
    _("Password-based authentication was disabled."),
    _("Disable password-based authentication"),
    _("Enable password-based authentication"),
    _("Enable password-based authentication for this user by setting a password."),
    _("This action will <strong>enable</strong> password-based authentication for this user."),
    _(
        "Whether the user will be able to authenticate using a password or not. If disabled, they may still be able to "
        "authenticate using other backends, such as Single Sign-On or LDAP."
    ),
    _("Raw passwords are not stored, so there is no way to see the user’s password."),
    _("Conflicting form data submitted. Please try again."),
    _(
        "Enter a valid username. This value may contain only unaccented lowercase a-z and uppercase A-Z letters, "
        "numbers, and @/./+/-/_ characters."
    ),
    _("After you’ve created a user, you’ll be able to edit more user options."),
)
FORMS = (
    _("That page number is not an integer"),
    _("That page number is less than 1"),
    _("That page contains no results"),
    _("Enter a valid domain name."),
    _("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
    _("Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens."),
    _("Enter a valid %(protocol)s address."),
    _("Ensure this value is a multiple of step size %(limit_value)s."),
    _("File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s."),
    _("Null characters are not allowed."),
    _("Constraint “%(name)s” is violated."),
    _("“%(value)s” value must be either True or False."),
    _("“%(value)s” value must be either True, False, or None."),
    _("“%(value)s” value must be either None, True or False."),
    _("“%(value)s” value must be a decimal number."),
    _("“%(value)s” value must be a float."),
    _("“%(value)s” value must be an integer."),
    _("“%(value)s” value has an invalid date format. It must be in YYYY-MM-DD format."),
    _("“%(value)s” value has the correct format (YYYY-MM-DD) but it is an invalid date."),
    _("“%(value)s” value has an invalid format. It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format."),
    _("“%(value)s” value has the correct format (YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ]) but it is an invalid date/time."),
    _("“%(value)s” is not a valid UUID."),
    _("%(model)s instance with %(field)s %(value)r is not a valid choice."),
    _("Value must be valid JSON."),
    _("Enter a valid JSON."),
    _("Enter a complete value."),
    _("Enter a valid UUID."),
    _(
        "ManagementForm data is missing or has been tampered with. Missing fields: %(field_names)s. You may need to "
        "file a bug report if the issue persists."
    ),
    _("The inline value did not match the parent instance."),
    _("“%(pk)s” is not a valid value."),
    _(
        "%(datetime)s couldn’t be interpreted in time zone %(current_timezone)s; it may be ambiguous or it may not "
        "exist."
    ),
    _("Date out of range"),
)

# Of the REST framework; the API says the rest itself.
API = (
    _("A server error occurred."),
    _("Invalid input."),
    _("Malformed request."),
    _("Incorrect authentication credentials."),
    _("Authentication credentials were not provided."),
    _("Could not satisfy the request Accept header."),
    _('Unsupported media type "{media_type}" in request.'),
    _("Request was throttled."),
)


def counted(count: int) -> tuple[str, ...]:
    """Return the sentences that count something."""
    return (
        ngettext("Please submit at most %(num)d form.", "Please submit at most %(num)d forms.", count),
        ngettext("Please submit at least %(num)d form.", "Please submit at least %(num)d forms.", count),
        ngettext(
            "This password is too short. It must contain at least %d character.",
            "This password is too short. It must contain at least %d characters.",
            count,
        ),
        ngettext("entry", "entries", count),
        ngettext("Please correct the error below.", "Please correct the errors below.", count),
        ngettext("%(num)d year", "%(num)d years", count),
        ngettext("%(num)d month", "%(num)d months", count),
        ngettext("%(num)d week", "%(num)d weeks", count),
        ngettext("%(num)d day", "%(num)d days", count),
        ngettext("%(num)d hour", "%(num)d hours", count),
        ngettext("%(num)d minute", "%(num)d minutes", count),
    )

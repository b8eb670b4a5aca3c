#!/usr/bin/env python
"""Django's command line for Nhà Rông: `python manage.py help` lists what it can do."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.utils.translation import gettext

INTERRUPTED = 130  # what a shell expects of a command that Ctrl-C ended


def main() -> int:
    """Run the command that was typed. A wrong setting and Ctrl-C are said in a sentence, not as a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heritage.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n" + gettext("Interrupted. Nothing is lost: run it again to go on.") + "\n")
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())

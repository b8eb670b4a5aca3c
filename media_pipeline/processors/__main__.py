"""The entry of the child: `python -I -S …/processors/__main__.py job.json`. It is a file of few lines, as it is
compiled at each start.
"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as _file:  # noqa: PTH123 - pathlib costs the child milliseconds before limits are set
    _job = json.load(_file)
sys.path[:] = _job["python_path"]

from media_pipeline.processors import child  # noqa: E402 - only now can it be found

child.main(_job)

"""Run by the interpreter that has ocfl-py: validate a storage root and print what it says as JSON.

ocfl-py 2.1 knows of the registered layouts only 0002 and 0003. So 0004 is taught to it here, written from the text of
the extension and not from our code, and every object must lie where that layout puts it.
"""

import hashlib
import json
import logging
import sys
from pathlib import Path

import ocfl
from ocfl.layout import Layout
from ocfl.layout_registry import add_layout


class HashedTuples(Layout):
    def __init__(self):
        super().__init__()
        self.NAME = "0004-hashed-n-tuple-storage-layout"
        self.DESCRIPTION = "Hashed N-tuple Storage Layout"
        self.PARAMS = {name: lambda value: None for name in self.defaults()}

    @staticmethod
    def defaults():
        return {"digestAlgorithm": "sha256", "tupleSize": 3, "numberOfTuples": 3, "shortObjectRoot": False}

    @property
    def config(self):
        return {"extensionName": self.NAME, **self.defaults()}

    def identifier_to_path(self, identifier):
        digest = hashlib.sha256(identifier.encode("utf-8")).hexdigest()
        return "/".join([digest[:3], digest[3:6], digest[6:9], digest])


def main(root_path):
    logging.disable(logging.CRITICAL)
    add_layout("0004-hashed-n-tuple-storage-layout", HashedTuples)
    root = ocfl.StorageRoot(root=root_path)
    root.registered_extensions.append("0004-hashed-n-tuple-storage-layout")
    valid = root.validate(log_warnings=True)
    misplaced = []
    for path in root.object_paths():
        inventory = json.loads(Path(root_path, path, "inventory.json").read_text(encoding="utf-8"))
        if HashedTuples().identifier_to_path(inventory["id"]) != path:
            misplaced.append(path)
    said = [str(message) for message in root.log.messages] + [str(error) for error in root.errors]
    print(
        json.dumps(
            {
                "valid": valid and root.num_objects == root.good_objects,
                "objects": root.num_objects,
                "good": root.good_objects,
                "misplaced": misplaced,
                "said": said,
            }
        )
    )


main(sys.argv[1])

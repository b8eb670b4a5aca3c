"""Finding the files that a table names below one folder. Links are not followed, and nothing outside of the folder can be named."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from archive.languages import canonical
from archive.loading.names import NotNamed
from media_pipeline import intakes

FILES_MOST = 500_000


class Folder:
    """The regular files below a folder by their names in it. A name counts as it is; else in any case and any composition of its marks."""

    def __init__(self, root: Path | None) -> None:
        self.root = root
        self._exact: dict[str, Path] = {}
        self._loose: dict[str, list[Path]] = {}
        if root is not None:
            self._walk(root, "")

    def _walk(self, folder: Path, before: str) -> None:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            return
        for entry in entries:
            name = f"{before}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                self._walk(Path(entry.path), f"{name}/")
            elif entry.is_file(follow_symlinks=False) and len(self._exact) < FILES_MOST:
                self._exact[name] = Path(entry.path)
                self._loose.setdefault(_loosely(name), []).append(Path(entry.path))

    def find(self, said: str) -> Path:
        """Return the file of that name, readable and not empty. Raises NotNamed("no_folder", "no_file", "ambiguous", "empty_file",
        "unreadable")."""
        if self.root is None:
            raise NotNamed("no_folder", name=said)
        name = said.replace("\\", "/").removeprefix("./")
        path = self._exact.get(name)
        if path is None:
            near = self._loose.get(_loosely(name), [])
            if not near:
                raise NotNamed("no_file", name=said)
            if len(near) > 1:
                raise NotNamed("ambiguous", name=said, slugs=", ".join(intakes.readable(one.name) for one in near[:5]))
            path = near[0]
        try:
            found = path.lstat()
        except OSError as error:
            raise NotNamed("unreadable_named_file", name=said) from error
        if not stat.S_ISREG(found.st_mode) or not os.access(path, os.R_OK):
            raise NotNamed("unreadable_named_file", name=said)
        if not found.st_size:
            raise NotNamed("empty_file", name=said)
        return path


def _loosely(name: str) -> str:
    return canonical(intakes.readable(name)).casefold()

"""Checks that every relative link in the project's Markdown files leads to a file, and every fragment to a heading."""

from __future__ import annotations

import re
import sys
from pathlib import Path

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def anchors(text: str) -> set[str]:
    """The fragments that headings get where Markdown is shown: lower case, spaces to hyphens, punctuation dropped."""
    found = set()
    for heading in HEADING.findall(text):
        kept = re.sub(r"[^\w\s-]", "", heading.lower())
        found.add(re.sub(r"\s", "-", kept.strip()))
    return found


def broken_links(document: Path) -> list[str]:
    broken = []
    for link in LINK.findall(CODE.sub("", document.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, fragment = link.partition("#")
        target = (document.parent / path) if path else document
        if not target.exists():
            broken.append(f"{document}: {link}: no such file")
        elif fragment and target.suffix == ".md" and fragment not in anchors(target.read_text()):
            broken.append(f"{document}: {link}: no such heading")
    return broken


def main(root: Path) -> int:
    documents = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("bench/**/*.md")]
    broken = [line for document in sorted(documents) for line in broken_links(document)]
    for line in broken:
        print(line)
    print(f"{len(documents)} documents, {len(broken)} broken links")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent.parent))

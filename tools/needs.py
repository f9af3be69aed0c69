"""Say in one line which piece of the machine is missing, and how to get it.

``python tools/needs.py python tex browser java`` prints a line for each missing piece and then
exits with 1. The Makefile asks before it starts, the tests before they skip.
It runs under any Python 3, because it is what tells a reader that theirs is too old.
"""

import ctypes
import shutil
import subprocess
import sys

TEX_PACKAGES = "latexmk texlive-xetex texlive-fonts-recommended fonts-freefont-otf"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def python():
    """Return what is wrong with this Python, or an empty string."""
    found = sys.version_info
    if found < (3, 11):
        return (
            "Python 3.11 or newer is needed, %s is %d.%d: install a newer one, then `make PYTHON=python3.12 ...`"
            % (sys.executable, found[0], found[1])
        )
    try:
        import ensurepip  # noqa: F401, PLC0415  Debian splits it off
        import venv  # noqa: F401, PLC0415
    except ImportError:
        return (
            "Python's venv module is missing: on Debian and Ubuntu `apt-get install python3-venv`"
        )
    return ""


def tex():
    """Return which part of TeX is missing, or an empty string."""
    missing = [
        name
        for name in ("latexmk", "xelatex", "pdftotext", "pdftoppm")[:2]
        if not shutil.which(name)
    ]
    if not missing and not fonts():
        missing = ["the fonts FreeSerif and FreeSans"]
    if missing:
        return (
            "no PDF without %s: on Debian and Ubuntu `apt-get install --no-install-recommends %s`"
            % (
                ", ".join(missing),
                TEX_PACKAGES,
            )
        )
    return ""


def fonts():
    """Return whether XeLaTeX will find the GNU FreeFont family."""
    listing = subprocess.run(["fc-list", ":", "family"], stdout=subprocess.PIPE, check=False).stdout
    return b"FreeSerif" in listing


def poppler():
    """Return whether the tools that read a PDF are missing, or an empty string."""
    if shutil.which("pdftotext"):
        return ""
    return "no check of the PDF without pdftotext: on Debian and Ubuntu `apt-get install poppler-utils`"


def browser():
    """Return whether the browser, or what its driver is linked with, is missing, or an empty string."""
    if chromium() and loads("libatomic.so.1"):
        return ""
    return "no browser tests without Chromium and libatomic: on Debian `apt-get install chromium libatomic1`"


def loads(library):
    """Return whether the system has a shared *library*; Playwright's Node needs libatomic."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def chromium():
    """Return the path of the system's Chromium, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def java():
    """Return whether Java is missing, or an empty string."""
    if shutil.which("java"):
        return ""
    return "no EPUB validation without Java: on Debian and Ubuntu `apt-get install default-jre-headless`"


PIECES = {"python": python, "tex": tex, "poppler": poppler, "browser": browser, "java": java}


def main(names):
    """Print what is missing among *names*; return 1 if anything is."""
    unknown = [name for name in names if name not in PIECES]
    problems = ["unknown piece %s: known are %s" % (name, ", ".join(PIECES)) for name in unknown]
    problems += filter(None, (PIECES[name]() for name in names if name in PIECES))
    for problem in problems:
        sys.stderr.write(problem + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Say which pieces of the machine are missing, each in one line, and one command that installs them all.

``python tools/needs.py python tex browser java`` prints a line for each missing piece and then
exits with 1. The Makefile asks before it starts, the tests before they skip.
It runs under any Python 3, because it is what tells a reader that theirs is too old.
"""

import ctypes
import os
import shutil
import subprocess
import sys

TEX_PACKAGES = "latexmk texlive-xetex texlive-fonts-recommended fonts-noto-core fonts-noto-mono"
#: The fonts that _ext/book/book.sty names.
FONTS = tuple(
    "Noto%s-Regular.ttf" % cut
    for cut in ("Sans", "SansDisplay", "SansMono", "SansMath", "SansSymbols2")
)
#: Where npm puts Ace by DAISY.
ACE = "tests/ace/node_modules/@daisy/ace-cli/bin/ace.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
#: Where macOS keeps browsers, which are in no PATH there.
APPLICATIONS = ("/Applications", os.path.expanduser("~/Applications"))
BUNDLES = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
)


def python():
    """Return what is wrong with this Python, or an empty string."""
    found = sys.version_info
    if found < (3, 11):
        return (
            "Python 3.11 or newer is needed, %s is %d.%d: install a newer one, then `make PYTHON=python3.12 ...`"
            % (sys.executable, found[0], found[1])
        )
    return ""


def environments():
    """Return whether this Python cannot make an environment, or an empty string."""
    try:
        import ensurepip  # noqa: F401, PLC0415  Debian splits it off
        import venv  # noqa: F401, PLC0415
    except ImportError:
        return "Python's venv module is missing"
    return ""


def tex():
    """Return which part of TeX is missing, or an empty string."""
    missing = [name for name in ("latexmk", "xelatex") if not shutil.which(name)]
    if not missing:
        missing = fonts()
    return "no PDF without %s" % ", ".join(missing) if missing else ""


def fonts():
    """Return which of `FONTS` XeLaTeX will not find, neither on the system nor beside TeX."""
    listed = ask(("fc-list", ":", "file")).stdout.decode() if shutil.which("fc-list") else ""
    found = [name for name in FONTS if name in listed]
    if len(found) < len(FONTS) and shutil.which("kpsewhich"):
        listed += ask(("kpsewhich", *FONTS)).stdout.decode()
    return [name for name in FONTS if name not in listed]


def ask(command):
    """Run *command*; return how it ended and what it printed."""
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)


def poppler():
    """Return whether the tools that read a PDF are missing, or an empty string."""
    return "" if shutil.which("pdftotext") else "no check of the PDF without pdftotext"


def bibutils():
    """Return whether a second reader of RIS is missing, or an empty string."""
    return "" if shutil.which("ris2xml") else "no second reader of RIS without ris2xml"


def browser():
    """Return whether the browser, or what its driver is linked with, is missing, or an empty string."""
    missing = [] if chromium() else ["Chromium or Chrome"]
    if sys.platform.startswith("linux") and not loads("libatomic.so.1"):
        missing.append("libatomic")
    return "no browser tests without %s" % " and ".join(missing) if missing else ""


def loads(library):
    """Return whether the system has a shared *library*; Playwright's Node needs libatomic."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def chromium():
    """Return the path of the system's Chromium or Chrome, or None."""
    bundles = [os.path.join(folder, name) for folder in APPLICATIONS for name in BUNDLES]
    return next(filter(None, map(shutil.which, (*BROWSERS, *bundles))), None)


def headless():
    """Return the path of a Chromium without windows, which is quicker and which Debian has, or of `chromium`."""
    return shutil.which("chromium-headless-shell") or chromium()


def java():
    """Return whether Java is missing, or an empty string.

    macOS has a command of that name that only says where to get one.
    """
    works = shutil.which("java") and ask(("java", "-version")).returncode == 0
    return "" if works else "no EPUB validation without Java"


def node():
    """Return whether Node.js is missing, or an empty string."""
    return "" if shutil.which("node") else "no check of the EPUB by Ace without Node.js"


def ace():
    """Return whether Ace, which only one test uses, is not installed, or an empty string."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = os.path.exists(os.path.join(here, ACE))
    return "" if found else "no check of the EPUB by Ace without `npm ci --prefix tests/ace`"


def git():
    """Return whether git is missing, or an empty string."""
    return "" if shutil.which("git") else "no test of what git does without git"


def clone():
    """Return whether these files came without their history, or an empty string."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = os.path.exists(os.path.join(here, ".git"))
    return "" if found else "no test of what git does in files that are no clone"


#: What is asked for a piece; its packages in Debian and Ubuntu, and in Homebrew, if they are all it needs.
PIECES = {
    "python": (python, "", ""),
    "venv": (environments, "python3-venv", "python"),
    "tex": (tex, TEX_PACKAGES, "mactex-no-gui"),
    "poppler": (poppler, "poppler-utils", "poppler"),
    "bibutils": (bibutils, "bibutils", "bibutils"),
    "browser": (browser, "chromium libatomic1", "google-chrome"),
    "java": (java, "default-jre-headless", "temurin"),
    "node": (node, "npm", "node"),
    "ace": (ace, "", ""),
    "git": (git, "git", "git"),
    "clone": (clone, "", ""),
}


def problem(name):
    """Return in one line what is wrong with the piece *name*, or an empty string."""
    if name not in PIECES:
        return "unknown piece %s: known are %s" % (name, ", ".join(PIECES))
    return PIECES[name][0]()


def remedy(names):
    """Return the one command that installs all the pieces *names*; empty when no command does."""
    mac = sys.platform == "darwin"
    packages = [PIECES[name][2 if mac else 1] for name in names if name in PIECES]
    if not any(packages):
        return ""
    start = (
        "On macOS: `brew install"
        if mac
        else "On Debian and Ubuntu: `sudo apt-get install --no-install-recommends"
    )
    return "%s %s`" % (start, " ".join(filter(None, packages)))


def main(names):
    """Print what is missing among *names*, and how to get it; return 1 if anything is."""
    problems = {name: found for name in names for found in [problem(name)] if found}
    for line in filter(None, (*problems.values(), remedy(problems))):
        sys.stderr.write(line + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

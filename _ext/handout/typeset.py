"""From LaTeX to PDF: XeLaTeX for all sheets, side by side, and what its log says of each."""

import math
import os
import re
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

#: What the template reports of each size of type that it tries: the type, the length and the room.
TRIED = re.compile(r"^sheet: ([\d.]+) ([\d.]+)pt of ([\d.]+)pt$", re.MULTILINE)
#: A line is 1.2 times as high as its type.
LINE = 1.2
#: No shell, no questions; the same bytes whenever the day of the build is given.
COMMAND = ("xelatex", "-no-shell-escape", "-interaction=batchmode", "-halt-on-error")


def typeset(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Make PDFs of the files *names* in *folder*; return what is wrong with each that has none.

    Raise `OSError` when XeLaTeX cannot be started.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = pool.map(lambda name: fault_of(folder, name), names)
        return {name: fault for name, fault in zip(names, faults, strict=True) if fault}


def fault_of(folder: Path, name: str) -> str:
    """Make the PDF of *name* in *folder*; return what is wrong, or an empty string."""
    pdf, log = folder / f"{name}.pdf", folder / f"{name}.log"
    pdf.unlink(missing_ok=True)
    log.unlink(missing_ok=True)
    environment = {**os.environ, "FORCE_SOURCE_DATE": "1"}
    subprocess.run((*COMMAND, name), cwd=folder, env=environment, capture_output=True, check=False)
    said = log.read_text("utf-8", "replace") if log.exists() else ""
    if fault := fault_in(said):
        pdf.unlink(missing_ok=True)
    return fault


def fault_in(log: str) -> str:
    """Return what is wrong with a sheet of which XeLaTeX wrote this *log*, or an empty string."""
    if errors := re.findall(r"(?m)^! (.*)", log):
        return f"LaTeX says: {errors[0]}"
    if not (tried := list(TRIED.finditer(log))):
        return "LaTeX did not come to its end"
    size, length, room = map(float, tried[-1].groups())
    if length > room:
        lines = math.ceil((length - room) / (LINE * size))
        return f"it takes 2 sides; take about {lines} lines in type of {size:g} points out of what is marked"
    begin = tried[-2].end() if len(tried) > 1 else 0
    if wide := re.findall(
        r"Overfull \\hbox \(([\d.]+)pt too wide\)", log[begin : tried[-1].start()]
    ):
        return f"a line is {max(map(float, wide)):.0f} points too wide; shorten its longest word"
    return ""

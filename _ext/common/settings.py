"""The settings of an extension: one dataclass, whose fields are values of ``conf.py``.

The field ``conditions`` of a dataclass with the prefix ``study`` is ``study_conditions`` there.
A build and a command that runs without Sphinx read them with the same function.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

Settings = TypeVar("Settings")


def read_settings(
    kind: type[Settings], prefix: str, values: Mapping[str, Any] | Config
) -> Settings:
    """Return the settings of *kind* in *values*, a configuration or the names of ``conf.py``.

    Raise `ValueError` in one line when one of them has another type, or does not fit.
    """
    given, faults = {}, []
    for field, default in vars(kind()).items():
        if (name := f"{prefix}_{field}") in values:
            given[field] = values[name]
            if fault := wrong_type(values[name], default):
                faults.append(f"conf.py: {name} {fault}")
    if faults:
        raise ValueError("\n".join(faults))
    try:
        return kind(**given)
    except ValueError as error:
        message = f"conf.py: {prefix}_{error}"
        raise ValueError(message) from error


def wrong_type(value: object, default: object) -> str:
    """Return why *value* is not of the kind of *default*; of lists and dictionaries words are the parts."""
    if not isinstance(value, type(default)):
        return f"is a {type(value).__name__}; write a {type(default).__name__}"
    parts: list[object] = []
    if isinstance(value, dict):
        parts = [*value, *value.values()]
    elif isinstance(value, list):
        parts = [*value]
        if len({*map(repr, parts)}) < len(parts):
            return "holds something twice; delete one"
    wrong = [part for part in parts if not isinstance(part, str) or not part.strip()]
    return f"holds {wrong[0]!r}; write words" if wrong else ""


def add_settings(app: Sphinx, kind: type, prefix: str) -> None:
    """Make the fields of the dataclass *kind* settings of *app*, and check what they say.

    A fault is a `SystemExit`, which stops the build with its lines: Sphinx shows a traceback of others.
    """
    for name, default in vars(kind()).items():
        app.add_config_value(f"{prefix}_{name}", default, "env")

    def check(_app: Sphinx, config: Config) -> None:
        try:
            read_settings(kind, prefix, config)
        except ValueError as error:
            raise SystemExit(str(error)) from None

    app.connect("config-inited", check)

"""The settings of an extension: one dataclass, whose fields are values of ``conf.py``.

The field ``conditions`` of a dataclass with the prefix ``study`` is ``study_conditions`` there.
A build and a command that runs without Sphinx read them with the same function.
"""

from __future__ import annotations

import dataclasses
import typing
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
    hints = typing.get_type_hints(kind)
    given = {}
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]  # a dataclass
        name = f"{prefix}_{field.name}"
        if name not in values:
            continue
        given[field.name] = value = values[name]
        wanted = typing.get_origin(hints[field.name]) or hints[field.name]
        if not isinstance(value, wanted):
            message = f"conf.py: {name} is a {type(value).__name__}; write a {wanted.__name__}"
            raise ValueError(message)  # noqa: TRY004  a fault of content, as the others
    try:
        return kind(**given)
    except ValueError as error:
        message = f"conf.py: {prefix}_{error}"
        raise ValueError(message) from error


def add_settings(app: Sphinx, kind: type, prefix: str) -> None:
    """Make the fields of the dataclass *kind* settings of *app*, and check what they say.

    A fault is a `sphinx.errors.ConfigError`, which stops the build with one line.
    """
    from sphinx.errors import ConfigError  # noqa: PLC0415  commands read settings without Sphinx

    for name, default in dataclasses.asdict(kind()).items():
        app.add_config_value(f"{prefix}_{name}", default, "env")

    def check(_app: Sphinx, config: Config) -> None:
        try:
            read_settings(kind, prefix, config)
        except ValueError as error:
            raise ConfigError(str(error)) from error

    app.connect("config-inited", check)

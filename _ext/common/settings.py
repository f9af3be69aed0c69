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
    given = {}
    for field, default in vars(kind()).items():
        name = f"{prefix}_{field}"
        if name in values:
            given[field] = values[name]
            if not isinstance(values[name], type(default)):
                found, wanted = type(values[name]).__name__, type(default).__name__
                message = f"conf.py: {name} is a {found}; write a {wanted}"
                raise ValueError(message)
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

    for name, default in vars(kind()).items():
        app.add_config_value(f"{prefix}_{name}", default, "env")

    def check(_app: Sphinx, config: Config) -> None:
        try:
            read_settings(kind, prefix, config)
        except ValueError as error:
            raise ConfigError(str(error)) from error

    app.connect("config-inited", check)

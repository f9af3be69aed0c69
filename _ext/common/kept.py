"""Files that a command writes and a build reads: named tuples as JSON, and nothing else in their place."""

import json
from collections.abc import Callable
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Value = TypeVar("Value")


def as_json(value: object) -> str:
    """Return *value* as JSON, in which each text and each number has a line of its own."""
    return json.dumps(plain(value), ensure_ascii=False, indent=1) + "\n"


def plain(value: Any) -> Any:  # noqa: ANN401  whatever JSON can hold
    """Return *value* with objects in the place of named tuples."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def shaped(kind: Any, value: Any) -> Any:  # noqa: ANN401  whatever JSON can hold
    """Return the JSON *value* as *kind*, a named tuple or what its fields are; raise `TypeError` or `KeyError`."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if origin is UnionType:
        return None if value is None else shaped(parts[0], value)
    if origin is tuple:
        return tuple(shaped(parts[0], one) for one in of(list, value))
    if origin is not None:
        return {name: shaped(parts[1], one) for name, one in of(dict, value).items()}
    if hasattr(kind, "_fields"):
        return kind(*(shaped(hint, value[name]) for name, hint in get_type_hints(kind).items()))
    return of(kind, value)


def of(kind: type[Value], value: object) -> Value:
    """Return *value*, which is of this *kind*; raise `TypeError` else."""
    if not isinstance(value, kind):
        raise TypeError
    return value


def read_kept(path: Path, command: str, read: Callable[[Any], Value]) -> Value:
    """Return what *read* makes of the JSON in the file at *path*, which *command* writes.

    Raise `ValueError` in one line when it is another kind of file.
    """
    try:
        return read(json.loads(path.read_text("utf-8")))
    except OSError as error:
        message = f"{path.name}: cannot be read ({error.strerror}); run {command}"
        raise ValueError(message) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"{path.name}: is not as {command} writes it; take it from git again, or delete it and run {command}"
        raise ValueError(message) from error

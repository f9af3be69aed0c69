"""JSON of a service, read by its documented shape: anything else is unreadable, never empty."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from verify.text import clean
from verify.work import UnreadableError

#: How much of an answer or of a value an error shows.
SHOWN = 60


def load(data: bytes) -> dict[str, Any]:
    """Return the JSON object in *data*; raise `UnreadableError` when it is none."""
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)
    except RecursionError:
        message = "JSON that is nested too deeply"
        raise UnreadableError(message) from None
    except ValueError as error:
        start = data[: 4 * SHOWN].decode("utf-8", "replace").strip()
        kind = "no JSON but a page of HTML" if start.startswith("<") else "no JSON"
        why = clean(str(error), SHOWN) if not start.startswith("<") else ""
        message = f"{kind}: {why}" if why else kind
        raise UnreadableError(message) from None
    if not isinstance(found, dict):
        message = f"JSON without the documented shape: {_kind(found)} in the place of an object"
        raise UnreadableError(message)
    return found


def _refuse(constant: str) -> NoReturn:
    """Refuse NaN and Infinity, which JSON does not have (RFC 8259, 6)."""
    message = f"{constant} is no JSON"
    raise ValueError(message)


def _kind(value: object) -> str:
    """Return what *value* is, in words."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "nothing" if value is None else "a number")


def refuse(key: str, value: object, wanted: str) -> NoReturn:
    """Raise `UnreadableError`, because *key* has *value* where *wanted* is documented."""
    message = f"{key} is {_kind(value)} and not {wanted}"
    raise UnreadableError(message)


def text(item: dict[str, Any], key: str, limit: int = 2_000) -> str:
    """Return the text or the whole number under *key*, clean; empty when it is not given."""
    value = item.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        refuse(key, value, "a text")
    return clean(value if isinstance(value, str) else _digits(key, value), limit)


def _digits(key: str, value: int) -> str:
    """Return *value* in digits; Python writes none that are too long to be a number of anything."""
    if abs(value) >= 10**18:
        message = f"{key} is a number that is too large"
        raise UnreadableError(message)
    return str(value)


def texts(item: dict[str, Any], key: str) -> list[str]:
    """Return the texts in the list under *key*, without empty ones."""
    found = [text({key: value}, key) for value in entries(item, key)]
    return [value for value in found if value]


def entries(item: dict[str, Any], key: str) -> list[Any]:
    """Return the list under *key*, empty when it is not given."""
    value = item.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        refuse(key, value, "a list")
    return value


def objects(item: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the objects in the list under *key*."""
    found = entries(item, key)
    for value in found:
        if not isinstance(value, dict):
            refuse(f"an entry of {key}", value, "an object")
    return found


def member(item: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the object under *key*, empty when it is not given."""
    value = item.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        refuse(key, value, "an object")
    return value

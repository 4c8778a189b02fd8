"""The configuration as a JSON schema (draft 2020-12), for editors: the TOML forms, from the table of keys."""

from __future__ import annotations

from typing import Any

from merge_guard.config.keys import KEYS, SERVICE_NAME, SERVICES, SSOT, TABLES, Form, Key, Kind


def schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "merge-guard.schema.json",
        "title": "Configuration of merge-guard",
        "description": "The table [tool.merge-guard] of pyproject.toml, or the whole of merge-guard.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **{key.name: _property(key) for key in KEYS.values()},
            **{
                title: {
                    "description": _ABOUT[title],
                    "type": "object",
                    "propertyNames": {"pattern": _anchored(SERVICE_NAME)},
                    "additionalProperties": {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {key.name: _property(key) for key in keys.values()},
                    },
                }
                for title, keys in TABLES.items()
            },
        },
    }


_ABOUT = {
    SERVICES: "One table per deployable, under its name.",
    SSOT: "One table per group of classes of which one is the single source of truth.",
}


def _property(key: Key) -> dict[str, Any]:
    text = {"type": "string", "pattern": _anchored(key.form)}
    texts = {"type": "array", "items": text}
    if key.kind is Kind.TEXT:
        return {"description": key.about, **text}
    if key.kind is Kind.LIST:
        return {"description": key.about, **texts}
    return {
        "description": key.about,
        "type": "object",
        "propertyNames": {"pattern": _anchored(key.name_form)},
        "additionalProperties": texts if key.kind is Kind.TABLE_OF_LISTS else text,
    }


def _anchored(form: Form) -> str:
    return f"^(?:{form.pattern})$"

"""First floor of the stand-in: what the app's manifest.yml allows it: scopes, events, commands, shortcuts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


class ManifestError(Exception):
    """The manifest cannot be used; the message says where and what to write instead."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parts of a Slack app manifest that decide what the workspace lets the app do."""

    scopes: frozenset[str]
    bot_events: frozenset[str]
    commands: frozenset[str]
    shortcuts: dict[str, str]
    home_tab: bool
    interactivity: bool


def read_manifest(path: Path) -> Manifest:
    """Read a manifest file.

    Raises ManifestError when the file is missing, is not YAML, or a section has the wrong shape.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestError(f"{path}: cannot be read ({error}); pass --manifest PATH/manifest.yml") from error
    except yaml.YAMLError as error:
        raise ManifestError(f"{path}: is not YAML: {error}") from error
    if not isinstance(data, dict):
        raise ManifestError(f"{path}: is not a mapping; a Slack app manifest starts with display_information")
    return manifest_from(data, str(path))


def manifest_from(data: dict[str, Any], where: str = "manifest") -> Manifest:
    """Take what the stand-in needs out of a parsed manifest; ManifestError names the section that is wrong."""
    try:
        features = data.get("features") or {}
        settings = data.get("settings") or {}
        return Manifest(
            scopes=frozenset(data["oauth_config"]["scopes"]["bot"]),
            bot_events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or ()),
            commands=frozenset(command["command"] for command in features.get("slash_commands") or ()),
            shortcuts={one["callback_id"]: one["type"] for one in features.get("shortcuts") or ()},
            home_tab=bool((features.get("app_home") or {}).get("home_tab_enabled")),
            interactivity=bool((settings.get("interactivity") or {}).get("is_enabled")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ManifestError(
            f"{where}: missing or misshapen section ({error!r}); see Slack's manifest reference"
        ) from error

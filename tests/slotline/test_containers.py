"""What can be said about images and compose without an engine to run them."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic_settings import BaseSettings
from ruamel.yaml import YAML
from typer.testing import CliRunner

from server.settings import Settings, variable
from slotline.cli import app
from tests.servers import ROOT

_BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        ["hadolint", "--failure-threshold", "info", "Dockerfile"],
    ],
    ids=["compose", "Dockerfile"],
)
def test_the_checkers_find_nothing(command: list[str]) -> None:
    program = _BIN / command[0]
    checked = subprocess.run(
        [program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _services() -> dict[str, Any]:
    compose = YAML(typ="safe").load(ROOT / "docker-compose.yml")
    services: dict[str, Any] = compose["services"]
    return services


def _ours() -> dict[str, Any]:
    return {name: service for name, service in _services().items() if "build" in service}


def test_services_run_commands_that_exist() -> None:
    """With the options that they have."""
    for service in _ours().values():
        words = service.get("entrypoint", ["slotline"])[1:] + service.get("command", [])
        names = [word for word in words if word.isalpha()]
        options = [word.partition("=")[0] for word in words if word.startswith("-")]
        told = CliRunner().invoke(app, [*names, "--help"])
        assert told.exit_code == 0, told.output
        assert all(option in told.output for option in options)


def test_services_are_set_up_by_settings_that_exist() -> None:
    """A variable that nobody reads is a promise that nobody keeps."""
    known = {variable(group, field) for group in _groups() for field in group.model_fields}
    business_file = (ROOT / "deploy" / "demo.business.toml").read_text()
    for name, service in _ours().items():
        for setting in service.get("environment", {}):
            assert setting in known or f"env:{setting}" in business_file, f"{name}: {setting}"


def test_langfuse_has_all_it_needs_in_its_profile_and_no_secret_of_ours() -> None:
    """What it waits for is started with it, and each secret is one that the file says to make."""
    services = _services()
    its = {name: each for name, each in services.items() if each.get("profiles") == ["langfuse"]}
    for name, service in its.items():
        assert set(service.get("depends_on", {})) <= set(its), name
        assert ":" in service["image"] or name == "langfuse-store", name
    text = (ROOT / "docker-compose.yml").read_text()
    introduction = text[: text.index("name: slotline")]
    filled_in = set(re.findall(r"\$\{(LANGFUSE_\w+):-(.*?)\}", text))
    secrets = {each for each in filled_in if re.search("PASSWORD|SECRET|SALT|KEY", each[0])}
    assert len(secrets) > len(its)
    for variable_name, default in secrets:
        assert default == "", variable_name
        assert re.search(rf"\b{variable_name}\b", introduction), variable_name


def _groups() -> list[type[BaseSettings]]:
    kinds = [field.annotation for field in Settings.model_fields.values()]
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseSettings)]


def test_the_image_has_what_the_command_imports() -> None:
    """All floors below the command but the evals, and what is copied exists."""
    let_in = {
        line.removeprefix("!").rstrip("/")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    assert {
        "booking",
        "calcom",
        "calls",
        "db",
        "outgoing",
        "prompts",
        "server",
        "slotline",
        "tools",
    } <= let_in
    assert all(list(ROOT.glob(pattern)) for pattern in let_in)

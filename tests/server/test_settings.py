"""The environment becomes settings, and every setting is documented."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from server.settings import BadSettings, Settings, variable

_PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"

_GROUPS = [
    group
    for field in Settings.model_fields.values()
    if isinstance(group := field.annotation, type) and issubclass(group, BaseSettings)
]
_SETTINGS = [(group, name) for group in _GROUPS for name in group.model_fields]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for group, name in _SETTINGS:
        monkeypatch.delenv(variable(group, name), raising=False)


@pytest.mark.parametrize(("group", "name"), _SETTINGS)
def test_every_setting_is_documented_with_its_default(group: type[BaseSettings], name: str) -> None:
    rows = [line.split("|") for line in _PAGE.read_text().splitlines() if line.startswith("| `")]
    defaults = {row[1].strip(" `"): row[2].strip(" `") for row in rows}
    default = group.model_fields[name].default
    assert variable(group, name) in defaults
    if default is not None:
        assert defaults[variable(group, name)] == str(default)


def test_the_page_documents_no_setting_that_is_gone() -> None:
    rows = [line.split("|") for line in _PAGE.read_text().splitlines() if line.startswith("| `")]
    assert {row[1].strip(" `") for row in rows} == {variable(*setting) for setting in _SETTINGS}


def test_names_of_the_environment_are_the_promised_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/slotline")
    monkeypatch.setenv("REDIS_URL", "redis://cache:6379/0")
    monkeypatch.setenv("CALCOM_BASE_URL", "http://localhost:3003/")
    monkeypatch.setenv("SLOTLINE_SECRET_KEY", "a-long-enough-passphrase")
    monkeypatch.setenv("SLOTLINE_PUBLIC_URL", "https://phone.example.com")
    settings = Settings.read()
    assert settings.database.url == SecretStr("postgresql://app@db/slotline")
    assert settings.redis.url == SecretStr("redis://cache:6379/0")
    assert settings.calcom.base_url == "http://localhost:3003"
    assert settings.server.secret_key == SecretStr("a-long-enough-passphrase")
    assert settings.server.public_url == "https://phone.example.com"


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("SLOTLINE_PORT", "")
    settings = Settings.read()
    assert settings.database.url is None
    assert settings.server.port == 8000


def test_all_bad_values_are_named_in_one_line_and_none_is_quoted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://app:s3cret@db/slotline")
    monkeypatch.setenv("CALCOM_BASE_URL", "api.cal.com")
    monkeypatch.setenv("SLOTLINE_PORT", "eight thousand")
    monkeypatch.setenv("SLOTLINE_LOG_FORMAT", "xml")
    with pytest.raises(BadSettings) as caught:
        Settings.read()
    line = str(caught.value)
    assert "DATABASE_URL: must start with postgresql:// or postgres://" in line
    assert "CALCOM_BASE_URL: must start with http:// or https://" in line
    assert "SLOTLINE_PORT" in line
    assert "SLOTLINE_LOG_FORMAT" in line
    assert "\n" not in line
    assert "s3cret" not in line
    assert "eight" not in line


def test_secrets_do_not_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:s3cret@db/slotline")
    monkeypatch.setenv("SLOTLINE_SECRET_KEY", "a-long-enough-passphrase")
    printed = repr(Settings.read())
    assert "s3cret" not in printed
    assert "passphrase" not in printed


def test_settings_are_frozen() -> None:
    settings = Settings.read()
    with pytest.raises(ValueError, match="frozen"):
        settings.server.port = 1

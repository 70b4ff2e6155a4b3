"""Alerts ring when they should and lead to a page; dashboards ask for metrics that there are."""

import os
import re
import subprocess
import urllib.request
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from db.database import WORKER_ROLE, Database
from scripts import dashboards
from server import metrics_port
from server.depths import show_depths
from server.metrics import REGISTRY
from server.settings import Worker
from tests.practice import ADA, Practice
from tests.servers import ROOT, Addresses

PROMETHEUS: Final = ROOT / "deploy" / "prometheus"
RUNBOOKS: Final = ROOT / "docs" / "runbooks"
_METRIC: Final = re.compile(r"\b(?:slotline|process)_[a-z0-9_]+|\bslotline:[a-z0-9_:]+")


def lacking(why: str) -> None:
    """CI has every program; elsewhere one that is not there is said to be missing."""
    if os.environ.get("NOTHING_SKIPPED"):
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="module")
def tools() -> Path:
    """The folder of promtool and amtool."""
    found = subprocess.run(
        [ROOT / "scripts" / "watchtools"], capture_output=True, text=True, check=False, timeout=300
    )
    if found.returncode:
        lacking(found.stderr.strip())
    return Path(found.stdout.strip())


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path)


def rules() -> list[dict[str, Any]]:
    return [
        rule
        for file in sorted((PROMETHEUS / "rules").glob("*.yml"))
        for group in read(file)["groups"]
        for rule in group["rules"]
    ]


ALERTS: Final = {rule["alert"]: rule for rule in rules() if "alert" in rule}


@pytest.mark.parametrize(
    "command",
    [
        ["promtool", "check", "config", "--syntax-only", "deploy/prometheus/prometheus.yml"],
        ["promtool", "test", "rules", "deploy/prometheus/tests/alerts.yml"],
        ["amtool", "check-config", "deploy/alertmanager/alertmanager.yml"],
    ],
    ids=["config", "alerts", "routes"],
)
def test_f_086_prometheus_own_tools_are_content(tools: Path, command: list[str]) -> None:
    """Its unit tests say what rings; six times "slot taken" is no alarm."""
    ran = subprocess.run(
        [tools / command[0], *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_alert_has_a_case() -> None:
    cases = (PROMETHEUS / "tests" / "alerts.yml").read_text("utf-8")
    assert [name for name in ALERTS if name not in cases] == []


@pytest.mark.parametrize("name", ALERTS)
def test_every_alert_leads_to_its_page(name: str) -> None:
    """By its link, as it stands in the alert that somebody gets."""
    link = ALERTS[name]["annotations"]["runbook_url"]
    front = read(PROMETHEUS / "prometheus.yml")["global"]["external_labels"]["runbooks"]
    page = ROOT / link.replace("{{ $externalLabels.runbooks }}", front)
    assert page.is_relative_to(RUNBOOKS)
    text = page.read_text("utf-8")
    assert text.startswith("# ")
    assert "\n## Look\n" in text
    assert "\n## Do\n" in text


def test_every_page_is_one_of_an_alert_and_in_the_list() -> None:
    pages = {page.name for page in RUNBOOKS.glob("*.md")} - {"README.md"}
    linked = {alert["annotations"]["runbook_url"].rpartition("/")[2] for alert in ALERTS.values()}
    assert pages == linked
    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", (RUNBOOKS / "README.md").read_text("utf-8")))
    assert listed == pages


def test_pages_link_to_pages_that_exist() -> None:
    for page in RUNBOOKS.glob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def known() -> set[str]:
    """Names that a query may use: our metrics as Prometheus has them, and what rules record."""
    endings = ("", "_total", "_bucket", "_count", "_sum", "_created")
    names = {metric.name for metric in REGISTRY.collect()}
    return {name + end for name in names for end in endings} | {
        rule["record"] for rule in rules() if "record" in rule
    }


@pytest.mark.parametrize("name", dashboards.BOARDS)
def test_a_dashboard_is_as_written_and_asks_for_what_there_is(name: str) -> None:
    file = dashboards.FOLDER / f"{name}.json"
    assert file.read_text("utf-8") == dashboards.as_text(name), "python scripts/dashboards.py"
    asked = {
        metric
        for panel in dashboards.board(name)["panels"]
        for target in panel["targets"]
        for metric in _METRIC.findall(target["expr"])
    }
    assert asked
    assert asked - known() == set()


def test_rules_ask_for_what_there_is() -> None:
    asked = {metric for rule in rules() for metric in _METRIC.findall(rule["expr"])}
    assert asked - known() == set()


def test_dashboards_ask_the_source_that_is_provisioned() -> None:
    folder = ROOT / "deploy" / "grafana" / "provisioning" / "datasources"
    [source] = read(folder / "prometheus.yml")["datasources"]
    for name in dashboards.BOARDS:
        for panel in dashboards.board(name)["panels"]:
            assert panel["datasource"] == {"type": source["type"], "uid": source["uid"]}


async def test_a_worker_shows_what_waits(practice: Practice, addresses: Addresses) -> None:
    await practice.misbehave("create_booking", "drop_answer")
    call = practice.call(ADA)
    checked = await call.ask("check_availability", service="checkup", date="2026-02-11", time="9")
    await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    practice.clock.advance(minutes=5)
    async with Database.connect(addresses.database_url, role=WORKER_ROLE) as leasing:
        await show_depths(leasing, now=practice.clock())

    async with metrics_port.opened(Worker(metrics_port=0)) as port:
        request = urllib.request.urlopen
        with request(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            shown = answer.read().decode()
    samples = dict(re.findall(r'^slotline_queue_(\w+\{queue="\w+"\}) (\S+)$', shown, re.MULTILINE))
    assert float(samples['due{queue="bookings"}']) == 1
    assert float(samples['oldest_seconds{queue="bookings"}']) > 100
    assert float(samples['due{queue="messages"}']) == 0


async def test_who_names_no_port_is_answered_by_nobody() -> None:
    async with metrics_port.opened(Worker()) as port:
        assert port is None

"""What every tool for compose files must be told in the same words."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "deploy").glob("compose*.yaml"))
POSTGRESQL = (ROOT / "deploy" / "compose-postgresql.yaml").read_text(encoding="utf-8")
RUNNING = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")


def test_the_number_of_workers_is_said_so_that_every_tool_hears_it():
    """podman-compose 1.0 forgets --scale, and 1.6 takes replicas with their mode alone."""
    assert 'deploy: {mode: replicated, replicas: "${WORKERS:-1}"}' in POSTGRESQL
    assert "WORKERS=" in RUNNING
    assert "up -d --scale" not in POSTGRESQL + RUNNING


def test_the_database_is_healthy_only_once_others_can_reach_it():
    """At its first start it serves its socket alone for a while, and then stops again."""
    assert "pg_isready -h 127.0.0.1" in POSTGRESQL


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_podman_starts_the_containers_again_with_the_machine(file):
    """Its unit podman-restart knows this policy and no other."""
    policies = re.findall(r"restart: (\S+)", file.read_text(encoding="utf-8"))
    assert policies
    assert set(policies) == {"always"}

"""/healthz and /readyz: for whoever watches over the processes."""

from unittest import mock

import pytest
from django.db import OperationalError


def test_alive_needs_neither_database_nor_host_name(client):
    response = client.get("/healthz", headers={"Host": "anything.invalid"})
    assert response.status_code == 200
    assert response.json() == {"status": "alive"}


@pytest.mark.django_db
def test_ready_when_database_and_broker_answer(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ready", "database": "ok", "broker": "ok"}


@pytest.mark.django_db
def test_once_ready_the_migrations_are_not_read_again(client):
    client.get("/readyz")
    with mock.patch("smarketing.health.MigrationExecutor", side_effect=AssertionError):
        assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_while_migrations_wait(client):
    with mock.patch("smarketing.health.MigrationExecutor") as executor:
        executor.return_value.migration_plan.return_value = ["one"]
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "migrations waiting"


def test_not_ready_without_a_database_and_tells_nobody_why(client):
    with mock.patch("smarketing.health.MigrationExecutor", side_effect=OperationalError("secret")):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert "secret" not in response.content.decode()


@pytest.mark.django_db
def test_ready_without_a_broker_but_says_so(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["broker"] == "unreachable"

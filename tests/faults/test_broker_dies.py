"""The broker is killed: pages and verbs go on, promptly, and what was owed to people still arrives."""

import shutil
import subprocess
import sys
import time
from contextlib import closing

import pytest
from django.conf import settings

from accounts.models import Notice
from handoff.models import Handoff, ReturnReason
from leads.models import Lead
from smarketing.bench.client import Client
from smarketing.embedded import valkey
from tests.factories import PASSWORD
from tests.faults.programs import Broker, MailServer, Web
from tests.promises import broken
from tests.races.world import an_offer
from tests.worker import Worker, environment_of_the_test, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (valkey.is_installed() or shutil.which("redis-server")),
        reason="This machine has no broker that a test may kill.",
    ),
]

PROMPT = 3.0


def promptly(answer, status=(200, 302)):
    assert answer.status in status
    assert answer.took < PROMPT, f"took {answer.took:.1f} s"
    return answer


def test_without_the_broker_people_work_on_and_with_it_the_mails_follow(noa, sota, tmp_path):
    offers = [an_offer(noa) for _ in range(3)]
    Notice.objects.all().delete()
    with Broker(tmp_path / "broker.log") as broker, MailServer() as mail:
        ours = {
            "REDIS_URL": broker.url,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "FAULTS_MAIL_PORT": str(mail.port),
        }
        with Web(tmp_path / "web.log", **ours) as web:
            with closing(Client(web.port).sign_in(sota.email, PASSWORD)) as rep:
                broker.kill()
                people_work(rep, offers)
            with closing(Client(web.port)) as another:
                start = time.monotonic()
                another.sign_in(noa.email, PASSWORD)
                assert time.monotonic() - start < 2 * PROMPT
                promptly(another.get("/"))
                broker.start()
                promptly(another.get("/"))
            owed = Notice.objects.filter(mail_due=True)
            assert owed.count() == Notice.objects.filter(to=noa).count() == 2
            assert broken() == []
        worker = Worker(tmp_path / "worker.log", **ours)
        try:
            worker.wait_until_ready()
            queue("accounts.notify.drain_outbox", ours)
            wait_for(lambda: not owed.exists(), 30, worker.said)
        finally:
            worker.stop()
    assert mail.delivered == [noa.email]  # both pieces of news in one mail


def people_work(rep: Client, offers: list) -> None:
    """What a rep does, with pages in between; nothing may wait for the broker."""
    for path in ("/", "/leads/", "/handoffs/", f"/leads/{offers[0].lead_id}/", "/kpi/"):
        promptly(rep.get(path))
    promptly(rep.post(f"/handoffs/{offers[0].pk}/acceptance/"))
    promptly(rep.post(f"/handoffs/{offers[1].pk}/return/", reason=_reason(), note="Next year."))
    promptly(rep.post("/leads/new/", family_name="Met", company_name="At the fair"))
    assert Handoff.objects.get(pk=offers[0].pk).state == "accepted"
    assert Handoff.objects.get(pk=offers[1].pk).state == "returned"
    assert Lead.objects.filter(family_name="Met").exists()


def _reason() -> int:
    return ReturnReason.objects.get(code="no_budget").pk


def queue(task: str, environment: dict) -> None:
    """Queue a task as beat does, in the broker of `environment`."""
    code = f"from smarketing.celery import app; app.send_task({task!r})"
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=environment_of_the_test() | environment,
        check=True,
    )

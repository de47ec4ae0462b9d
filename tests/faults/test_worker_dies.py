"""The worker is killed in the middle of its work: nothing is lost, nothing is done twice."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.actions import tell
from accounts.models import Notice
from accounts.notify import drain_outbox
from accounts.states import TeamKind
from common import now
from common.files import store
from common.models import Job
from common.tasks import sweep_jobs
from leads.importing.formats import guess_format
from leads.importing.job import start_import
from leads.models import Lead, LeadEvent
from tests.factories import a_user
from tests.faults.programs import MailServer
from tests.promises import broken
from tests.worker import Worker, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.worker, pytest.mark.django_db(transaction=True)]

ROWS, READERS = 12_000, 12


def an_import(by) -> Job:
    lines = ["id,family_name,email", *(f"E{n},Row{n},row{n}@import.example" for n in range(ROWS))]
    file = store(["\n".join(lines).encode()], name="leads.csv", by=by)
    columns = {"id": "external_id", "family_name": "family_name", "email": "email"}
    return start_import(
        file,
        by=by,
        target="leads",
        form=guess_format(file),
        heading=list(columns),
        columns=columns,
    )


def test_an_import_goes_on_where_the_killed_worker_stood(noa, start_worker, tmp_path):
    with start_worker() as worker:
        job = an_import(noa)
        wait_for(lambda: Job.objects.get(pk=job.pk).done >= ROWS // 6, 60, worker.said)
        worker.kill()
    stopped = Job.objects.get(pk=job.pk)
    assert stopped.state == "running"
    assert Lead.objects.count() == stopped.done < ROWS
    # The lease of the dead runs out; here at once.
    Job.objects.filter(pk=job.pk).update(lease_until=now() - timedelta(seconds=1))
    with start_worker() as worker:
        sweep_jobs()
        wait_for(lambda: not Job.objects.get(pk=job.pk).is_open, 60, worker.said)
    job.refresh_from_db()
    assert (job.state, job.done, Lead.objects.count()) == ("done", ROWS, ROWS)
    assert LeadEvent.objects.filter(verb="lead.create").count() == ROWS
    assert Lead.objects.values("external_id").distinct().count() == ROWS


def test_mails_are_sent_though_the_worker_dies_while_sending(defaults, start_worker, tmp_path):
    readers = [a_user(kind=TeamKind.SALES) for _ in range(READERS)]
    with MailServer(seconds_each=0.15) as mail:
        ours = {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "FAULTS_MAIL_PORT": str(mail.port),
        }
        with start_worker(**ours) as worker:
            tell(readers, "clock.warning", path="/", clock="accept", due=now().isoformat())
            wait_for(lambda: len(mail.delivered) >= READERS // 3, 30, worker.said)
            worker.kill()
        before = len(mail.delivered)
        assert before < READERS
        # The claims of the dead run out; here at once.
        Notice.objects.exclude(lease_until=None).update(lease_until=now() - timedelta(seconds=1))
        with start_worker(**ours) as worker:
            drain_outbox.delay()
            wait_for(lambda: not Notice.objects.filter(mail_due=True).exists(), 60, worker.said)
        sent = Counter(mail.delivered)
    assert set(sent) == {reader.email for reader in readers}
    # What was on the wire as the worker died may come once more; nothing else does.
    assert len(mail.delivered) <= READERS + 1
    assert Notice.objects.exclude(mailed_at=None).count() == READERS


def test_a_mail_server_that_is_away_costs_no_mail(defaults, tmp_path):
    reader = a_user(kind=TeamKind.SALES)
    with MailServer() as mail:
        port = mail.port
    worker = Worker(
        tmp_path / "worker.log",
        DJANGO_SETTINGS_MODULE="tests.faults.settings",
        FAULTS_MAIL_PORT=str(port),
    )
    try:
        worker.wait_until_ready()
        tell([reader], "clock.warning", path="/", clock="accept", due=now().isoformat())
        wait_for(lambda: Notice.objects.filter(attempts=1).exists(), 30, worker.said)
    finally:
        worker.stop()
    notice = Notice.objects.get()
    assert (notice.mail_due, notice.mailed_at) == (True, None)
    assert notice.lease_until > now()
    assert broken() == []

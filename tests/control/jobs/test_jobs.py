"""Background work: done once, again after a death, given up in the end; and recurring work, once for each due time."""

import contextlib
import itertools
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from burgee.control.events.models import RecurringJob
from burgee.control.jobs import services as jobs
from burgee.control.jobs.models import Job, JobStatus
from burgee.control.jobs.recurring import Recurring, put_due
from burgee.control.jobs.services import MOST_ATTEMPTS, Kind, ask_for, run_due
from burgee.control.kit import clock

pytestmark = pytest.mark.database

HOUR = timedelta(hours=1)


def a_kind(run, **facts) -> Kind:
    return Kind(name="kind", run=run, **facts)


def let_rest_pass() -> None:
    Job.objects.filter(status=JobStatus.WAITING).update(due_at=clock.now())


@pytest.mark.django_db
def test_a_job_is_done_once_with_what_it_was_asked_for():
    seen = []
    ask_for("kind", subject_id=7, payload={"a": [1, "x"]})
    kind = a_kind(lambda job: seen.append((job.subject_id, job.payload)))

    assert (run_due([kind], owner="me"), run_due([kind], owner="me")) == (1, 0)

    assert seen == [(7, {"a": [1, "x"]})]
    done = Job.objects.get()
    assert (done.status, done.progress, done.owner, done.attempts) == ("done", 100, None, 1)


@pytest.mark.django_db
def test_a_job_of_a_kind_that_the_worker_does_not_know_waits():
    ask_for("another")

    assert run_due([a_kind(lambda _: None)], owner="me") == 0
    assert Job.objects.get().status == JobStatus.WAITING


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_asked_for_nothing():
    with transaction.atomic():
        ask_for("kind")
        transaction.set_rollback(True)

    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_job_that_fails_rests_and_comes_again():
    def run(job: Job) -> None:
        if job.attempts == 1:
            raise ZeroDivisionError

    ask_for("kind")
    assert run_due([a_kind(run)], owner="me") == 1
    failed = Job.objects.get()
    assert (failed.status, failed.last_error, failed.owner) == ("waiting", "ZeroDivisionError", None)
    assert failed.due_at > clock.now()
    assert run_due([a_kind(run)], owner="me") == 0

    let_rest_pass()
    assert run_due([a_kind(run)], owner="me") == 1
    assert (Job.objects.get().status, Job.objects.get().last_error) == ("done", None)


@pytest.mark.django_db
def test_a_job_that_always_fails_is_given_up_and_its_kind_hears_of_it():
    given_up = []
    job = ask_for("kind")
    kind = a_kind(lambda _: 1 / 0, give_up=lambda lost: given_up.append(lost.pk))
    for _ in range(MOST_ATTEMPTS + 2):
        let_rest_pass()
        run_due([kind], owner="me")

    job.refresh_from_db()
    assert (job.status, job.attempts, job.last_error) == ("failed", MOST_ATTEMPTS, "ZeroDivisionError")
    assert given_up == [job.pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("readers_hold_up_nobody")
def test_a_job_that_kills_every_worker_is_given_up_too():
    tries = []

    def run(_: Job) -> None:
        tries.append(1)
        raise SystemExit

    job = ask_for("kind")
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(SystemExit):
            run_due([a_kind(run)], owner="me", lease=timedelta(0))
    run_due([a_kind(run)], owner="me", lease=timedelta(0))

    job.refresh_from_db()
    assert (len(tries), job.status, job.last_error) == (MOST_ATTEMPTS, "failed", "WorkerDied")


@pytest.mark.django_db
def test_a_job_in_the_hands_of_a_worker_is_nobody_elses():
    job = ask_for("kind")

    assert jobs.claim(job.pk, owner="one") is not None
    assert jobs.claim(job.pk, owner="two") is None
    assert run_due([a_kind(lambda _: None)], owner="two") == 0


@pytest.mark.django_db
def test_one_whose_lease_ran_out_does_not_write_the_end():
    late = jobs.claim(ask_for("kind").pk, owner="late", lease=timedelta(0))
    assert late is not None
    taken = jobs.claim(late.pk, owner="next")
    assert taken is not None

    jobs.carry_out(late, a_kind(lambda _: None))
    assert Job.objects.get().status == JobStatus.WAITING

    jobs.carry_out(taken, a_kind(lambda _: None))
    assert Job.objects.get().status == JobStatus.DONE


@pytest.mark.django_db(transaction=True)
def test_a_lease_lasts_as_long_as_the_work():
    lease = timedelta(seconds=2)
    stolen = []

    def run(job: Job) -> None:
        until = clock.now() + lease * 1.25
        while clock.now() < until:
            stolen.append(jobs.claim(job.pk, owner="thief", lease=lease))
            threading.Event().wait(0.02)

    ask_for("kind")
    run_due([a_kind(run)], owner="me", lease=lease)

    assert set(stolen) == {None}
    assert Job.objects.get().status == JobStatus.DONE


@pytest.mark.django_db
def test_progress_is_told_and_ends_at_a_hundred():
    seen = []

    def run(job: Job) -> None:
        for progress in (0, 40, 250):
            jobs.report(job, progress)
            seen.append(Job.objects.get().progress)

    ask_for("kind")
    run_due([a_kind(run)], owner="me")

    assert seen == [0, 40, 99]
    assert Job.objects.get().progress == 100


@pytest.mark.django_db
def test_jobs_that_ended_long_ago_are_let_go():
    ask_for("kind")
    run_due([a_kind(lambda _: None)], owner="me")
    ask_for("kind")

    assert jobs.trim(before=clock.now() - HOUR) == 0
    assert jobs.trim(before=clock.now()) == 1
    assert Job.objects.get().status == JobStatus.WAITING


@pytest.mark.django_db
def test_recurring_work_becomes_a_job_when_it_is_due_and_not_before():
    ran = []
    work = Recurring(name="sweep", every=HOUR, run=lambda: ran.append(1))

    assert (put_due([work]), Job.objects.count()) == (0, 0)
    due_at = clock.now() - timedelta(minutes=5)
    RecurringJob.objects.update(next_at=due_at)
    assert (put_due([work]), put_due([work])) == (1, 0)
    run_due([work.kind()], owner="me")

    assert ran == [1]
    assert RecurringJob.objects.get().next_at == due_at + HOUR
    assert Job.objects.get().due_at == due_at


@pytest.mark.django_db
def test_times_that_passed_while_nobody_worked_count_as_one_and_the_next_one_stays_on_the_hour():
    work = Recurring(name="sweep", every=HOUR, run=lambda: None)
    due_at = clock.now() - timedelta(hours=30, minutes=5)
    RecurringJob.objects.create(name="sweep", next_at=due_at)

    assert (put_due([work]), put_due([work])) == (1, 0)

    assert RecurringJob.objects.get().next_at == due_at + HOUR * 31


@pytest.mark.django_db
def test_work_that_takes_longer_than_its_period_neither_piles_up_nor_runs_twice_at_once():
    work = Recurring(name="sweep", every=HOUR, run=lambda: None)
    RecurringJob.objects.create(name="sweep", next_at=clock.now() - timedelta(minutes=5))
    assert put_due([work]) == 1
    job = jobs.claim(Job.objects.get().pk, owner="slow")
    RecurringJob.objects.update(next_at=clock.now() - timedelta(minutes=1))

    assert (put_due([work]), Job.objects.count()) == (0, 1)
    jobs.carry_out(job, work.kind())

    assert (put_due([work]), put_due([work]), Job.objects.count()) == (1, 0, 2)


@pytest.mark.django_db
def test_a_clock_that_was_ahead_puts_no_work_off_for_longer_than_a_period():
    work = Recurring(name="sweep", every=HOUR, run=lambda: None)
    RecurringJob.objects.create(name="sweep", next_at=clock.now() + timedelta(days=400))

    assert put_due([work]) == 0
    assert RecurringJob.objects.get().next_at <= clock.now() + HOUR

    # Nor does a job that failed, or was claimed, at that time.
    later = clock.now() + timedelta(days=400)
    Job.objects.create(kind="sweep", due_at=later)
    Job.objects.create(kind="sweep", due_at=clock.now(), owner="dead", lease_until=later)
    RecurringJob.objects.update(next_at=clock.now())
    assert put_due([work]) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("readers_hold_up_nobody")
def test_workers_beside_each_other_do_each_due_time_once():
    ran: list[int] = []
    guard = threading.Lock()
    times = 12
    every = timedelta(seconds=0.05)

    def run() -> None:
        with guard:
            ran.append(1)

    work = Recurring(name="tick", every=every, run=run)
    put_due([work])
    # SQLite's database of tests lives in memory, where a second writer is refused instead of made to wait.
    turns = threading.Lock() if connection.vendor == "sqlite" else contextlib.nullcontext()

    def labour(owner: str) -> None:
        try:
            while Job.objects.filter(status=JobStatus.DONE).count() < times:
                with turns:
                    put_due([work])
                with turns:
                    run_due([work.kind()], owner=owner)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=labour, args=(f"worker {number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    dues = list(Job.objects.order_by("due_at").values_list("due_at", flat=True))
    assert len(ran) == Job.objects.filter(status=JobStatus.DONE).count() >= times
    assert set(Job.objects.filter(status=JobStatus.DONE).values_list("attempts", flat=True)) == {1}
    assert all((later - earlier) % every == timedelta(0) for earlier, later in itertools.pairwise(dues))
    assert len(set(dues)) == len(dues)

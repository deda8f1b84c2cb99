import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from burgee.control.kit.write_gate import FairLock, Seat, write_gate


def waiting(lock: FairLock, count: int) -> None:
    deadline = time.monotonic() + 20
    while len(lock._waiting) < count:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_a_thread_may_enter_again_and_leaves_as_often():
    lock = FairLock()
    assert lock.acquire()
    assert lock.acquire()
    lock.release()
    assert not lock.acquire("other", blocking=False)
    lock.release()
    assert lock.acquire("other", blocking=False)


def test_owners_get_it_in_the_order_of_their_arrival():
    lock = FairLock()
    served: list[int] = []
    lock.acquire("first")

    def enter(number: int) -> None:
        lock.acquire()
        served.append(number)
        lock.release()

    threads = [threading.Thread(target=enter, args=(number,)) for number in range(5)]
    for number, thread in enumerate(threads):
        thread.start()
        waiting(lock, number + 1)
    lock.release("first")
    for thread in threads:
        thread.join(20)
    assert served == [0, 1, 2, 3, 4]


def test_who_gives_up_waiting_leaves_the_line():
    lock = FairLock()
    lock.acquire("first")
    assert not lock.acquire("second", timeout=0.01)
    lock.release("first")
    assert lock.acquire("third", blocking=False)


def test_only_the_owner_may_release():
    lock = FairLock()
    lock.acquire("first")
    with pytest.raises(RuntimeError, match="does not own it"):
        lock.release("second")


def test_a_seat_may_be_left_by_another_thread_and_keeps_others_out():
    seat, other = Seat(), Seat()
    assert seat.acquire()
    assert not other.acquire(blocking=False)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(seat.release).result(20)
    assert other.acquire(timeout=20)
    other.release()
    with write_gate():
        assert not seat.acquire(timeout=0.01)

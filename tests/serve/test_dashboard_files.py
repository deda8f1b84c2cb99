"""Which file of the dashboard a path names."""

import pytest

from burgee.serve.dashboard import DashboardSettings, Pages


@pytest.mark.parametrize("path", ["/a\x00b", "/" + "x" * 300, "/" + "x/" * 3000, "/\ud800", "/../dashboard.py", "/.."])
def test_a_path_that_can_be_no_file_is_a_page_or_somebody_elses(path: str):
    answer = Pages(DashboardSettings(), {}).answer(path, {})
    assert answer is None or (b"content-type", b"text/html; charset=utf-8") in answer.headers

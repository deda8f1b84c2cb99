import pytest

from tests.edge.parts import flag, settings

ONE = "/api/v1/analytics/flags/"
TWO = "/api/v2/analytics/flags/"


@pytest.fixture
def edge(serve):
    return serve(settings(), flag(1, "known"))


def test_counts_of_known_flags_are_kept_and_others_dropped(edge):
    counts = {"known": 10, "unknown": 5}

    response = edge.post(ONE, json=counts, headers={"user-agent": "flagsmith-js-sdk/4.1.0"})

    assert (response.status_code, response.content) == (200, b"")
    assert edge.usage.evaluated == [(2, "known", None, None, 10, "flagsmith-js-sdk/4.1.0", "client")]


@pytest.mark.parametrize("count", ["x", True, -1, 0, 1.5, None, 10**30])
def test_what_is_no_count_is_dropped(edge, count):
    assert edge.post(ONE, json={"known": count}).status_code == 200
    assert edge.usage.evaluated == []


def test_counts_must_be_an_object(edge):
    response = edge.post(ONE, json=[])

    assert (response.status_code, response.json()) == (400, {"non_field_errors": ["Expected a JSON object."]})


def test_the_second_version_says_whether_the_flag_was_on(edge):
    item = {"feature_name": "known", "count": 5, "enabled_when_evaluated": True}

    response = edge.post(TWO, json={"evaluations": [item, {**item, "feature_name": "unknown"}]})

    assert (response.status_code, response.content) == (204, b"")
    assert edge.usage.evaluated == [(2, "known", None, True, 5, "", "client")]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"evaluations": ["This field is required."]}),
        ({"evaluations": None}, {"evaluations": ["This field may not be null."]}),
        (
            {"evaluations": {}},
            {"evaluations": {"non_field_errors": ['Expected a list of items but got type "dict".']}},
        ),
        (
            {"evaluations": [{"feature_name": "known"}]},
            {
                "evaluations": [
                    {"enabled_when_evaluated": ["This field is required."], "count": ["This field is required."]}
                ]
            },
        ),
    ],
)
def test_the_second_version_names_what_is_wrong(edge, body, errors):
    response = edge.post(TWO, json=body)

    assert (response.status_code, response.json()) == (400, errors)

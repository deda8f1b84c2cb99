import pytest

from tests.edge.parts import CLIENT_KEY, flag, settings

JSON = {"content-type": "application/json"}
IDENTITIES = "/api/v1/identities/"
TRAITS = "/api/v1/traits/"
BULK = "/api/v1/traits/bulk/"
INCREMENT = "/api/v1/traits/increment-value/"
ADA = {"identity": {"identifier": "ada"}}


@pytest.fixture
def edge(serve):
    return serve(settings(), flag(1))


def one_trait(**changes) -> dict:
    item = {"trait_key": "k", "trait_value": 1} | changes
    return {"identifier": "ada", "traits": [{key: value for key, value in item.items() if value is not ...}]}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"identifier": True}, {"identifier": ["Not a valid string."]}),
        ({"identifier": {"a": 1}}, {"identifier": ["Not a valid string."]}),
        ({"identifier": "nul\0byte"}, {"identifier": ["Null characters are not allowed."]}),
        ({"identifier": "x" * 2001}, {"identifier": ["Ensure this field has no more than 2000 characters."]}),
        ({"identifier": "a", "traits": None}, {"traits": ["This field may not be null."]}),
        (
            {"identifier": "a", "traits": {}},
            {"traits": {"non_field_errors": ['Expected a list of items but got type "dict".']}},
        ),
        (
            {"identifier": "a", "traits": [1]},
            {"traits": [{"non_field_errors": ["Invalid data. Expected a dictionary, but got int."]}]},
        ),
        ([], {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}),
        ({"identifier": "a", "transient": "maybe"}, {"transient": ["Must be a valid boolean."]}),
        ({"identifier": "a", "transient": None}, {"transient": ["This field may not be null."]}),
        ({"identifier": "a", "transient": []}, {"transient": ["Must be a valid boolean."]}),
        (one_trait(trait_key=None), {"traits": [{"trait_key": ["This field may not be null."]}]}),
        (one_trait(trait_key=...), {"traits": [{"trait_key": ["This field is required."]}]}),
        (one_trait(trait_key=" "), {"traits": [{"trait_key": ["This field may not be blank."]}]}),
        (
            one_trait(trait_key="k" * 201),
            {"traits": [{"trait_key": ["Ensure this field has no more than 200 characters."]}]},
        ),
        (one_trait(trait_key="a\0"), {"traits": [{"trait_key": ["Null characters are not allowed."]}]}),
        (one_trait(trait_value=...), {"traits": [{"trait_value": ["This field is required."]}]}),
        (
            one_trait(trait_value="x" * 2001),
            {"traits": [{"trait_value": ["Value string is too long. Must be less than 2000 character"]}]},
        ),
        (one_trait(trait_value="a\0"), {"traits": [{"trait_value": ["Null characters are not allowed."]}]}),
        (
            one_trait(trait_value=2**53 + 1),
            {"traits": [{"trait_value": ["Integers must be between -9007199254740992 and 9007199254740992."]}]},
        ),
    ],
)
def test_a_refused_member_is_named(edge, body, errors):
    response = edge.post(IDENTITIES, json=body)

    assert (response.status_code, response.json()) == (400, errors)


def test_errors_keep_the_place_of_their_item(edge):
    body = {"traits": [{"trait_key": "a", "trait_value": 1}, {"trait_key": "b"}]}

    assert edge.post(IDENTITIES, json=body).json() == {"traits": [{}, {"trait_value": ["This field is required."]}]}


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"identifier": }', "JSON parse error - Expecting value: line 1 column 16 (char 15)"),
        (b"\xff", "JSON parse error - 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        (
            b'{"traits":[{"trait_key":"a","trait_value":NaN}]}',
            "JSON parse error - Out of range float values are not JSON compliant: 'NaN'",
        ),
        (
            b'{"traits":[{"trait_key":"a","trait_value":1e999}]}',
            "JSON parse error - Out of range float values are not JSON compliant: '1e999'",
        ),
        (b"[" * 100_000, "JSON parse error - nested too deeply"),
    ],
)
def test_what_is_no_json_is_told_where_it_ends(edge, body, detail):
    response = edge.post(IDENTITIES, content=body, headers=JSON)

    assert (response.status_code, response.json()) == (400, {"detail": detail})


def test_half_of_a_surrogate_pair_is_named(edge):
    response = edge.post(IDENTITIES, content=b'{"identifier": "\\ud800"}', headers=JSON)

    assert response.status_code == 400
    assert response.json() == {"identifier": ["Surrogate characters are not allowed: U+D800."]}


@pytest.mark.parametrize(
    ("value", "stored"),
    [([1, 2], "[1, 2]"), ({"a": True}, "{'a': True}"), ("  padded  ", "  padded  "), (2**53, 2**53)],
)
def test_odd_values_are_stored_as_the_reference_does(edge, value, stored):
    assert edge.post(IDENTITIES, json=one_trait(trait_value=value)).json()["traits"][0]["trait_value"] == stored


def test_unknown_members_and_an_empty_body_are_no_error(edge):
    assert edge.post(IDENTITIES, json={**one_trait(foo=1), "bar": 2}).status_code == 200
    assert edge.post(IDENTITIES, content=b"", headers=JSON).status_code == 200


def test_keys_are_trimmed(edge):
    assert edge.post(IDENTITIES, json=one_trait(trait_key=" plan ")).json()["traits"][0]["trait_key"] == "plan"


@pytest.mark.parametrize("media_type", ["text/xml", "text/plain"])
def test_other_media_types_are_refused(edge, media_type):
    response = edge.post(IDENTITIES, content=b"<a/>", headers={"content-type": media_type})

    assert response.status_code == 415
    assert response.json() == {"detail": f'Unsupported media type "{media_type}" in request.'}


@pytest.mark.parametrize("accept", ["text/html", "application/xml"])
def test_answers_are_json_only(edge, accept):
    response = edge.get("/api/v1/flags/", headers={"accept": accept})

    assert (response.status_code, response.json()) == (406, {"detail": "Could not satisfy the request Accept header."})


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "text/html, application/*;q=0.5", "application/json; q=1"]
)
def test_whoever_takes_json_gets_it(edge, accept):
    assert edge.get("/api/v1/flags/", headers={"accept": accept}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", IDENTITIES, "GET, POST, HEAD, OPTIONS"),
        ("POST", "/api/v1/flags/", "GET, HEAD, OPTIONS"),
        ("GET", TRAITS, "POST, OPTIONS"),
        ("GET", BULK, "PUT, OPTIONS"),
        ("GET", "/api/v2/analytics/flags/", "POST, OPTIONS"),
    ],
)
def test_a_method_that_is_not_there_is_named(edge, method, path, allow):
    response = edge.client.request(method, path, headers={"x-environment-key": CLIENT_KEY})

    assert (response.status_code, response.headers["allow"]) == (405, allow)
    assert response.json() == {"detail": f'Method "{method}" not allowed.'}


def test_identifiers_in_a_query_have_the_same_limits(edge):
    long = edge.get(f"/api/v1/identities/?identifier={'x' * 2001}")

    assert long.status_code == 400
    assert edge.get("/api/v1/identities/?identifier=a%00b").status_code == 400
    assert edge.get(f"/api/v1/flags/{'x' * 2001}").status_code == 400


class TestTraits:
    def test_a_trait_is_echoed(self, edge):
        body = {**ADA, "trait_key": "a", "trait_value": [1]}

        assert edge.post(TRAITS, json=body).json() == {**ADA, "trait_key": "a", "trait_value": "[1]"}
        assert edge.traits.rows[2, "ada"].traits == {"a": "[1]"}

    @pytest.mark.parametrize(
        ("body", "errors"),
        [
            (
                {"identity": "ada", "trait_key": "a", "trait_value": 1},
                {"identity": {"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]}},
            ),
            ({"trait_key": "a", "trait_value": 1}, {"identity": ["This field is required."]}),
            (
                {"identity": {}, "trait_key": "a", "trait_value": 1},
                {"identity": {"identifier": ["This field is required."]}},
            ),
            ({**ADA, "trait_key": "a", "trait_value": None}, {"trait_value": ["This field may not be null."]}),
            ({**ADA}, {"trait_key": ["This field is required."], "trait_value": ["This field is required."]}),
        ],
    )
    def test_a_bad_trait_is_refused(self, edge, body, errors):
        response = edge.post(TRAITS, json=body)

        assert (response.status_code, response.json()) == (400, errors)

    def test_many_traits_of_several_identities(self, edge):
        eve = {"identity": {"identifier": "eve"}}
        body = [{**ADA, "trait_key": "a", "trait_value": 1}, {**eve, "trait_key": "z", "trait_value": "q"}]
        assert edge.put(BULK, json=body).json() == body

        second = [{**ADA, "trait_key": "a", "trait_value": None}, {**ADA, "trait_key": "b", "trait_value": True}]

        assert edge.put(BULK, json=second).json() == second[1:]
        assert edge.traits.rows[2, "ada"].traits == {"b": True}
        assert edge.put(BULK, json=[]).json() == []

    def test_an_item_without_identity_is_refused(self, edge):
        response = edge.put(BULK, json=[{"trait_key": "a", "trait_value": 1}])

        assert (response.status_code, response.json()) == (400, [{"identity": ["This field is required."]}])

    def test_an_integer_grows_from_zero(self, edge):
        body = {"identifier": "ada", "trait_key": "n", "increment_by": 5}

        assert edge.post(INCREMENT, json=body).json() == {"identifier": "ada", "trait_key": "n", "trait_value": 5}
        assert edge.post(INCREMENT, json={**body, "increment_by": -7}).json()["trait_value"] == -2

    def test_only_integers_grow(self, edge):
        edge.post(TRAITS, json={**ADA, "trait_key": "n", "trait_value": "text"})

        response = edge.post(INCREMENT, json={"identifier": "ada", "trait_key": "n", "increment_by": 1})
        bad = edge.post(INCREMENT, json={"identifier": "ada", "trait_key": "n", "increment_by": "x"})

        assert (response.status_code, response.json()) == (400, ["Trait is not an integer."])
        assert bad.json() == {"increment_by": ["A valid integer is required."]}

    def test_a_trait_in_the_path_needs_a_value(self, edge):
        response = edge.post("/api/v1/identities/ada/traits/colour", json={})

        assert (response.status_code, response.json()) == (400, {"detail": "Trait value not provided"})


TRAIT_WRITES = [
    ("POST", TRAITS, {**ADA, "trait_key": "a", "trait_value": 1}),
    ("PUT", BULK, [{**ADA, "trait_key": "a", "trait_value": 1}]),
    ("POST", INCREMENT, {"identifier": "ada", "trait_key": "a", "increment_by": 1}),
    ("POST", "/api/v1/identities/ada/traits/a", {"trait_value": 1}),
]


@pytest.mark.parametrize(("method", "path", "body"), TRAIT_WRITES)
def test_trait_routes_refuse_client_keys_where_client_traits_are_off(serve, method, path, body):
    edge = serve(settings(allow_client_traits=False), flag(1))

    response = edge.client.request(method, path, json=body, headers={"x-environment-key": CLIENT_KEY})

    assert response.status_code == 400
    assert response.json() == {"non_field_errors": ["Setting traits not allowed with client key."]}
    assert edge.traits.rows == {}


@pytest.mark.parametrize(("method", "path", "body"), TRAIT_WRITES)
def test_trait_routes_refuse_where_traits_are_not_stored(serve, method, path, body):
    edge = serve(settings(persist_trait_data=False), flag(1))

    response = edge.client.request(method, path, json=body, headers={"x-environment-key": CLIENT_KEY})

    assert (response.status_code, response.json()) == (
        403,
        {"detail": "Organisation is not authorised to store traits."},
    )

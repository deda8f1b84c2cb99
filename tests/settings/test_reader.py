import contextlib
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from burgee.settings_reader import SettingsError, Var, check_names, read


class Kitchen(Struct, frozen=True, kw_only=True):
    oven: Annotated[int, Var("OVEN", "BURGEE_OVEN", about="Degrees.", ge=50, le=250)] = 180
    salt: Annotated[float, Var("SALT"), Meta(gt=0)] = 1.5
    open: Annotated[bool, Var("OPEN")] = False
    cook: Annotated[str, Var("COOK")] = ""
    dishes: Annotated[tuple[str, ...], Var("DISHES")] = ()
    pantry: Annotated[Path, Var("PANTRY")] = Path("pantry")
    heat: Annotated[Literal["gas", "wood"], Var("HEAT")] = "gas"
    tips: Annotated[int | None, Var("TIPS", ge=0)] = None
    recipe: Annotated[int, Var("RECIPE", secret=True)] = 1


class Guest(Struct, frozen=True, kw_only=True):
    name: Annotated[str, Var("GUEST", about="Who eats.")]


def problems_of(struct: type[Struct], environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        read(struct, environ)
    return caught.value.problems


def test_an_empty_environment_gives_the_defaults():
    assert read(Kitchen, {}) == Kitchen()


def test_every_type_is_read():
    environ = {
        "OVEN": " 200 ",
        "SALT": "0.25",
        "OPEN": "Yes",
        "COOK": "Ada",
        "DISHES": "soup, , bread,",
        "PANTRY": "/srv/pantry",
        "HEAT": "WOOD",
        "TIPS": "0",
    }
    assert read(Kitchen, environ) == Kitchen(
        oven=200,
        salt=0.25,
        open=True,
        cook="Ada",
        dishes=("soup", "bread"),
        pantry=Path("/srv/pantry"),
        heat="wood",
        tips=0,
    )


@pytest.mark.parametrize("word", ["true", "True", "t", "1", "yes", "Y", "on"])
def test_words_for_true(word: str):
    assert read(Kitchen, {"OPEN": word}).open is True


@pytest.mark.parametrize("word", ["false", "False", "f", "0", "no", "N", "off"])
def test_words_for_false(word: str):
    assert read(Kitchen, {"OPEN": word}).open is False


def test_the_first_name_that_is_set_wins():
    assert read(Kitchen, {"OVEN": "60", "BURGEE_OVEN": "70"}).oven == 60
    assert read(Kitchen, {"OVEN": "", "BURGEE_OVEN": "70"}).oven == 70


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (
            "OVEN",
            "hot",
            "OVEN='hot' is wrong. Set it to a whole number from 50 to 250, or unset it for the default, 180.",
        ),
        ("BURGEE_OVEN", "49", "BURGEE_OVEN='49' is wrong. Set it to a whole number from 50 to 250,"),
        ("OVEN", "251", "from 50 to 250"),
        ("SALT", "0", "SALT='0' is wrong. Set it to a number above 0, or unset it for the default, 1.5."),
        ("SALT", "nan", "SALT='nan' is wrong."),
        ("OPEN", "perhaps", "OPEN='perhaps' is wrong. Set it to true or false, or unset it for the default, false."),
        ("HEAT", "coal", "HEAT='coal' is wrong. Set it to one of gas, wood, or unset it for the default, gas."),
        (
            "TIPS",
            "-1",
            "TIPS='-1' is wrong. Set it to a whole number of at least 0, or unset it for the default, none.",
        ),
    ],
)
def test_a_wrong_value_names_the_variable_the_value_and_the_fix(name: str, value: str, expected: str):
    (problem,) = problems_of(Kitchen, {name: value})
    assert expected in problem


def test_a_secret_is_never_shown():
    (problem,) = problems_of(Kitchen, {"RECIPE": "grandmother"})
    assert problem.startswith("RECIPE=*** is wrong.")
    assert "grandmother" not in problem


def test_a_password_inside_an_address_is_never_shown():
    (problem,) = problems_of(Kitchen, {"OVEN": "redis://cook:pa:ss@word@oven:1"})
    assert "redis://cook:***@oven:1" in problem


def test_all_that_is_wrong_is_told_at_once():
    assert len(problems_of(Kitchen, {"OVEN": "x", "SALT": "y", "OPEN": "z"})) == 3


def test_a_required_variable_is_named_with_its_meaning():
    assert problems_of(Guest, {"GUEST": "  "}) == ("GUEST is not set. Set it to a text. Who eats.",)


def test_an_unknown_variable_of_ours_names_the_nearest_known_one():
    with pytest.raises(SettingsError, match=r"BURGEE_OVNE is not a setting of Burgee\. Did you mean BURGEE_OVEN\?"):
        check_names([Kitchen], {"BURGEE_OVNE": "60"})


def test_known_and_foreign_variables_pass_the_name_check():
    check_names([Kitchen, Guest], {"BURGEE_OVEN": "60", "OVNE": "60", "PATH": "/bin"})


@given(st.dictionaries(st.sampled_from(["OVEN", "SALT", "OPEN", "DISHES", "HEAT", "TIPS", "RECIPE"]), st.text()))
def test_any_text_is_read_or_refused(environ: dict[str, str]):
    with contextlib.suppress(SettingsError):
        assert 50 <= read(Kitchen, environ).oven <= 250

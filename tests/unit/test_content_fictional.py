"""An invented person can be reached by nothing that somebody real could have."""

from datetime import date

import pytest

from trainer.content import fictional


@pytest.mark.parametrize(
    "number",
    ["07700 900146", "+44 7700 900999", "+44 (0)1632 960000", "01632-960999", "0113 496 0123",
     "0121 496 0000", "0191 498 0001", "020 7946 0958", "028 9649 6123", "029 2018 0123",
     "0808 157 0123", "0306 999 0123", "555-0100", "(555) 555-0123", "+1 212 555 0199",
     "800-555-0199"],
)  # fmt: skip
def test_numbers_kept_for_fiction_may_be_written(number: str) -> None:
    assert fictional.phone(number) == ""
    assert fictional.kind(number) == "phone"


@pytest.mark.parametrize(
    ("number", "why"),
    [("07700 901146", "somebody"), ("07911 123456", "somebody"), ("020 7946 1958", "somebody"),
     ("0113 497 0123", "somebody"), ("(212) 555-0200", "somebody"), ("800-555-0123", "somebody"),
     ("0191 496 0123", "somebody"), ("ring me", "not a telephone number"),
     ("jo@post.example", "not a telephone number"), ("07700 900146 home", "not a telephone")],
)  # fmt: skip
def test_any_other_number_is_named_with_what_may_be_written(number: str, why: str) -> None:
    wrong = fictional.phone(number)
    assert why in wrong
    assert "07700 900000" in wrong
    assert "555-0100" in wrong


@pytest.mark.parametrize(
    ("address", "why"),
    [("jo@post.example", ""), ("jo.m@mail.post.test", ""), ("jo@example.com", ""),
     ("jo@shop.example.org", ""), ("jo@localhost", ""), ("jo@nowhere.invalid", ""),
     ("jo@gmail.com", "somebody"), ("jo@example.co.uk", "somebody"),
     ("jo@myexample.com", "somebody"), ("jo at post", "not an e-mail"), ("07700 900146", "not an")],
)  # fmt: skip
def test_mail_domains_are_those_kept_for_examples(address: str, why: str) -> None:
    wrong = fictional.email(address)
    assert (why in wrong and ".example" in wrong) if why else wrong == ""


@pytest.mark.parametrize(
    ("code", "why"),
    [("ZZ11 4QD", ""), ("zz9 2rw", ""), ("00001", ""), ("00199-1234", ""), ("SW1A 1AA", "lives"),
     ("Z1 1AA", "lives"), ("00200", "lives"), ("00000", "lives"), ("90210", "lives"),
     ("Mill Lane", "not a postcode")],
)  # fmt: skip
def test_postcodes_are_those_never_given_out(code: str, why: str) -> None:
    wrong = fictional.postcode(code)
    assert (why in wrong and "ZZ" in wrong and "00199" in wrong) if why else wrong == ""


@pytest.mark.parametrize("year", [2026, 2028, 2040])
@pytest.mark.parametrize("born", ["1973-01-01", "1974-03-12", "1975-12-31"])
def test_a_birth_date_that_fitted_the_age_does_not_rot(born: str, year: int) -> None:
    assert fictional.birth_date(born, 52, date(year, 11, 29)) == ""


def test_a_customer_written_later_is_measured_by_their_own_time() -> None:
    assert fictional.birth_date("2000-05-01", 40, date(2041, 1, 1)) == ""
    assert fictional.birth_date("2000-05-01", 40, date(2026, 11, 29))


@pytest.mark.parametrize(
    ("born", "why"),
    [("1950-03-12", "fit the age, 52"), ("1974-02-30", "no such day"), ("12 March 1974", "1974-03"),
     ("1974-3-12", "not a date"), ("unknown", "not a date")],
)  # fmt: skip
def test_a_birth_date_is_a_day_that_fits_the_age(born: str, why: str) -> None:
    assert why in fictional.birth_date(born, 52, date(2026, 11, 29))


@pytest.mark.parametrize(
    ("value", "kind"),
    [("jo@gmail.com", "email"), ("1974-03-12", "birth_date"), ("SW1A 1AA", "postcode"),
     ("90210", "postcode"), ("+44 7700 900146", "phone"), ("14 Mill Lane, Thornby", ""),
     ("Pete Olsen", "")],
)  # fmt: skip
def test_what_a_value_is_can_be_seen(value: str, kind: str) -> None:
    assert fictional.kind(value) == kind

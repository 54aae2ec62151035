"""What lay behind a call is told after the feedback, of the customer as they were then, or not."""

from pathlib import Path

from tests.unit.test_review import ended, exchange, record, said, started
from trainer.cli import review as command
from trainer.content import personas, roots
from trainer.domain.mood import Status
from trainer.domain.persona import Need
from trainer.domain.record import CallRecord
from trainer.review import report, reveal
from trainer.review.debrief import review
from trainer.review.model import Reveal, Review

NAME = "olsen-outage"


def call(digest: str, status: Status = Status.AGENT_ENDED, mode: str = "typed") -> CallRecord:
    begun = started(mode).model_copy(update={"persona": NAME})
    made = record([begun, *exchange(1, 0, "What happened?", 0.6), ended(status)])
    made.meta.update(seed=4, digest=digest)
    return made


def told(made: CallRecord, extra: tuple[Path, ...] = ()) -> Reveal:
    found = reveal.beside(review(made), made, None, extra).reveal
    assert found is not None
    return found


def test_an_unchanged_file_tells_need_and_story_of_the_telling_that_was_played() -> None:
    cast = personas.load(NAME, [], 4)
    found = told(call(cast.digest))
    assert found.source == "library"
    assert found.background == cast.persona.scenario.background
    assert found.background != personas.load(NAME, [], 5).persona.scenario.background
    assert found.need == cast.persona.need
    assert found.needed
    assert found.reason == ""


def test_a_file_that_changed_since_tells_nothing_and_says_so(tmp_path: Path) -> None:
    own = tmp_path / "personas"
    own.mkdir()
    text = (roots.shipped() / "personas" / f"{NAME}.yaml").read_text("utf-8")
    (own / f"{NAME}.yaml").write_text(text + "# one more line\n")
    found = told(call(personas.load(NAME, [], 4).digest), (tmp_path,))
    assert (found.asked, found.need, found.needed, found.background) == (None,) * 4
    assert "changed since" in found.reason


def test_the_copy_kept_with_the_call_comes_before_the_file() -> None:
    cast = personas.load("voss-return", [], 1)
    made = call("another")
    found = reveal.beside(review(made), made, cast).reveal
    assert found is not None
    assert found.source == "call"
    assert found.background == cast.persona.scenario.background


def test_a_stopped_call_keeps_its_secret_for_the_next_time() -> None:
    found = told(call(personas.load(NAME, [], 4).digest, Status.ABORTED))
    assert found.background is None
    assert "taken again" in found.reason


def test_a_call_of_nobody_known_reveals_nothing() -> None:
    made = record([said(1, "customer", "Hello?", 0, 2)])
    assert reveal.beside(review(made), made, None).reveal is None


def shown() -> tuple[Review, CallRecord]:
    made = call(personas.load(NAME, [], 4).digest)
    return reveal.beside(review(made), made, None), made


def test_it_comes_after_the_feedback_in_plain_words() -> None:
    result, made = shown()
    assert result.reveal is not None
    result = result.model_copy(
        update={"reveal": result.reveal.model_copy(update={"needed": "to see <it>"})}
    )
    page = report.html(result, made)
    for text in (command.terminal(result, 80), page):
        assert text.index("What they needed") > text.index("By the rubric")
        assert Need.TO_BE_HEARD.value not in text
    assert "to see &lt;it&gt;" in page

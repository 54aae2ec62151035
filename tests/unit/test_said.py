"""What is made of a line that was said again."""

from pathlib import Path

import pytest

from tests.unit.test_review import ABOUT_YOU
from trainer.content import prompts
from trainer.domain.acts import ActKind
from trainer.domain.errors import BadInput
from trainer.domain.mood import Feeling, Mood
from trainer.domain.transcript import Heard
from trainer.review import phrases, said
from trainer.store import said as kept_lines


def test_nothing_said_of_a_line_names_a_state_of_mind_of_the_agent() -> None:
    assert not ABOUT_YOU.search(prompts.path("say.yaml", []).read_text("utf-8"))


def test_every_act_has_words_for_people() -> None:
    remarks, texts = phrases.load([]), said.texts([])
    known = {*remarks.well, *remarks.improve, *texts.acts}
    assert not {kind for kind in ActKind if kind not in known}


@pytest.mark.parametrize(
    "heard",
    [Heard("", 0.9), Heard("I am sorry.", 0.3), Heard("La la la", 0.9, rejected="repetition")],
)
def test_words_that_were_not_recognised_well_are_not_relied_on(heard: Heard) -> None:
    assert not said.relied_on(heard)
    assert said.relied_on(Heard("I am sorry.", 0.8))
    told = said.unheard(heard, Feeling.ANGER, Mood(anger=0.7), None, [])
    assert told.after is None
    assert told.before == 0.7


def test_a_mistake_in_a_teams_own_texts_is_named(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    own = prompts.path("say.yaml", []).read_text("utf-8").replace("no_acts:", "no_act:")
    (tmp_path / "prompts" / "say.yaml").write_text(own)
    with pytest.raises(BadInput, match=r"say\.yaml:\d+:1: no_act: .*no_acts"):
        said.texts([tmp_path])


def test_a_damaged_try_is_left_out_and_a_linked_folder_refused(tmp_path: Path) -> None:
    kept_lines.keep(tmp_path, 4, {"text": "one"}, None)
    kept_lines.keep(tmp_path, 6, {"text": "other turn"}, None)
    (tmp_path / "said" / "04-09.json").write_text("{")
    assert [line.facts["text"] for line in kept_lines.kept(tmp_path, 4)] == ["one"]
    assert kept_lines.keep(tmp_path, 4, {"text": "ten"}, None).clip is None
    assert (tmp_path / "said" / "04-10.json").is_file()
    other = tmp_path / "other"
    other.mkdir()
    (other / "said").symlink_to(tmp_path / "said")
    with pytest.raises(BadInput, match="link"):
        kept_lines.keep(other, 4, {}, None)

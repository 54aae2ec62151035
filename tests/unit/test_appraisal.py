"""The table from acts to what a customer makes of them: a team's own, and mistakes in it."""

from pathlib import Path

import pytest
import yaml

from tests.unit import customer_cast as made
from trainer.acts.reader import Reader
from trainer.content import prompts
from trainer.customer import appraisal
from trainer.customer.customer import Customer
from trainer.domain.acts import Act, ActKind, Reading
from trainer.domain.errors import BadInput
from trainer.domain.plan import AgentTurn

CARE = "I'm so sorry this happened. That must be awful, no wonder you're upset."


def team(root: Path, old: str = "", new: str = "") -> Path:
    """A team's own copy of the table, with one change."""
    folder = root / "prompts"
    folder.mkdir(parents=True)
    text = prompts.path("appraisals.yaml", ()).read_text()
    assert old in text
    folder.joinpath("appraisals.yaml").write_text(text.replace(old, new, 1))
    return root


def test_a_teams_own_table_replaces_ours(tmp_path: Path) -> None:
    cast = made.cast(tmp_path / "them")
    root = team(
        tmp_path / "team", "acknowledge: {acknowledgement: 1.0}", "acknowledge: {blame: 1.0}"
    )
    ours, theirs = Customer(cast, Reader(), 0), Customer(cast, Reader(None, [root]), 0)
    for customer in (ours, theirs):
        customer.greet()
    turn = AgentTurn(2, "That must be awful.")
    assert ours.hear(turn).mood.anger < cast.mood.anger < theirs.hear(turn).mood.anger


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("dismiss: {dismissal: 1.0}", "dismiss: {dismisal: 1.0}", "dismissal"),
        ("dismiss: {dismissal: 1.0}", "dismiss: {dismissal: 4.0}", "acts.dismiss.dismissal"),
        ("dismiss: {dismissal: 1.0}", "dismis: {dismissal: 1.0}", "dismis"),
        ("  dismiss: {dismissal: 1.0}\n", "", "“dismiss” is missing"),
        ("speed: {action: 1.4", "speed: {acton: 1.4", "action"),
    ],
)
def test_a_mistake_in_it_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    root = team(tmp_path, old, new)
    with pytest.raises(BadInput) as error:
        appraisal.table((root,))
    assert says in str(error.value)
    assert "appraisals.yaml:" in str(error.value)


def test_every_act_and_need_stands_in_the_shipped_table() -> None:
    raw = yaml.safe_load(prompts.path("appraisals.yaml", ()).read_text())
    assert list(raw["acts"]) == [kind.value for kind in ActKind]


def felt(tmp_path: Path, *acts: Act) -> dict[str, float]:
    cast = made.cast(tmp_path)
    turn = AgentTurn(2, " ".join(act.quote for act in acts))
    table = appraisal.table(())
    reading = appraisal.believed(Reading(acts), table)
    return appraisal.appraise(reading, turn, cast, appraisal.Memory(), table)[0].present()


def test_what_is_only_a_little_like_a_slight_is_not_felt(tmp_path: Path) -> None:
    words = "What did the letter say?"
    for kind in (ActKind.DISMISS, ActKind.INSULT, ActKind.BLAME):
        unsure = Act(kind, words, 0, len(words), 0.65, "examples")
        sure = Act(kind, words, 0, len(words), 0.85, "examples")
        assert felt(tmp_path, unsure) == {}
        assert felt(tmp_path, sure)


def test_an_odd_turn_hurts_only_by_what_was_plainly_said() -> None:
    words = "You're an AI, aren't you?"
    table = appraisal.table(())
    like = Reading((Act(ActKind.INSULT, words, 0, len(words), 0.75, "examples"),))
    plain = Reading((Act(ActKind.INSULT, words, 0, len(words), 0.9, "rule"),))
    assert appraisal.believed(like, table) == like
    assert appraisal.believed(like, table, odd=True) == Reading()
    assert appraisal.believed(plain, table, odd=True) == plain


def test_what_is_only_a_little_like_kindness_still_helps(tmp_path: Path) -> None:
    words = "That makes complete sense."
    assert felt(tmp_path, Act(ActKind.VALIDATE, words, 0, len(words), 0.65, "examples"))


def test_an_insult_is_blame_and_dismissal_and_a_judgement_half_a_blame(tmp_path: Path) -> None:
    insult = felt(tmp_path, Act(ActKind.INSULT, "You fool.", 0, 9, 0.9, "rule"))
    judgement = felt(tmp_path, Act(ActKind.JUDGEMENT, "You always.", 0, 11, 0.9, "rule"))
    assert set(insult) == {"blame", "dismissal"}
    assert judgement["blame"] == insult["blame"] / 2

"""What an agent's words do: rules alone, with and without punctuation, always quoting the words."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.acts import fit, library, phrases, units
from trainer.acts.history import Context
from trainer.acts.likeness import fitted
from trainer.acts.reader import Reader
from trainer.domain.acts import ActKind as K
from trainer.domain.acts import Reading
from trainer.domain.errors import BadInput

READER = Reader()


def kinds(text: str, context: Context | tuple[str, ...] = ()) -> set[K]:
    return {act.kind for act in READER.read(text, context).acts}


SHOWS = [
    ("I'm so sorry about the missed appointment.", K.APOLOGY_OWNED),
    ("im so sorry we let you down", K.APOLOGY_OWNED),
    ("I'm sorry you feel that way.", K.APOLOGY_HOLLOW),
    ("sorry but theres nothing i can do", K.APOLOGY_HOLLOW),
    ("That must have been really frightening.", K.ACKNOWLEDGE),
    ("i can hear how upsetting this is for you", K.ACKNOWLEDGE),
    ("You have every right to be angry.", K.VALIDATE),
    ("what happened when the driver came", K.OPEN_QUESTION),
    ("How has this affected you?", K.OPEN_QUESTION),
    ("Could you walk me through it?", K.OPEN_QUESTION),
    ("do you have the box with you", K.CLOSED_QUESTION),
    ("What's your postcode?", K.CLOSED_QUESTION),
    ("How many are missing?", K.CLOSED_QUESTION),
    ("I'll send a driver out to you.", K.ACTION),
    ("i'm going to refund that for you", K.ACTION),
    ("Would you rather have it on Monday or on Friday?", K.CHOICE),
    ("You'll have it by Thursday.", K.TIMEFRAME),
    ("Please calm down.", K.DISMISS),
    ("you need to relax", K.DISMISS),
    ("That's not my department.", K.DISMISS),
    ("You should have read the terms.", K.BLAME),
    ("why didn't you call sooner", K.BLAME),
    ("That's our policy, I'm afraid.", K.POLICY_WALL),
    ("the system wont let me do that", K.POLICY_WALL),
    ("Can I put you on hold for two minutes?", K.HOLD_REQUEST),
    ("bear with me while i look", K.HOLD_REQUEST),
    ("I can't continue this call if you shout at me.", K.BOUNDARY),
    ("Please don't speak to me like that.", K.BOUNDARY),
    ("I can't refund it because the sale is final, but I can exchange it.", K.REFUSE_REASONED),
    ("You're an idiot.", K.INSULT),
    ("Are you deaf?", K.INSULT),
    ("I'll put you through to my supervisor.", K.ESCALATE),
    ("I know exactly how you feel.", K.SYMPATHY_TAKEOVER),
    ("Sorry, that came out wrong.", K.SELF_REPAIR),
    ("I guarantee it will never happen again.", K.OVERPROMISE),
    ("Your call is important to us.", K.CANNED),
    ("Okay.", K.BACKCHANNEL),
    ("So to sum up, we do both.", K.RECAP),
    ("Listen, sweetheart.", K.OVERFAMILIAR),
    ("ill send it today", K.ACTION),
    ("i gonna check this for you right away", K.ACTION),
    ("its up to you", K.CHOICE),
    ("there is no reason to shout", K.DISMISS),
    ("it isn't that bad", K.DISMISS),
    ("Why did you click on it?", K.BLAME),
    ("What did you expect?", K.BLAME),
    ("You should be more careful.", K.JUDGEMENT),
    ("We don't do that without a receipt.", K.POLICY_WALL),
    ("It's our policy to refuse those.", K.POLICY_WALL),
]

SPARES = [
    ("Sorry, could you say that again?", K.APOLOGY_OWNED),
    ("I'm sorry for any inconvenience.", K.APOLOGY_OWNED),
    ("I understand that you want a refund.", K.ACKNOWLEDGE),
    ("I understand, but those are the rules.", K.ACKNOWLEDGE),
    ("You shouldn't have had to call twice.", K.BLAME),
    ("Why didn't anyone call you back?", K.BLAME),
    ("It's not your fault.", K.BLAME),
    ("I won't tell you to calm down.", K.DISMISS),
    ("I can see it's a big deal for you.", K.DISMISS),
    ("I can't refund it, but what I can do is exchange it.", K.POLICY_WALL),
    ("I can't imagine how that felt.", K.POLICY_WALL),
    ("That's our policy, because those are the rules.", K.REFUSE_REASONED),
    ("You were on hold for an hour.", K.HOLD_REQUEST),
    ("You'll have it in writing in a minute.", K.HOLD_REQUEST),
    ("You're not stupid.", K.INSULT),
    ("That was a stupid mistake of ours.", K.INSULT),
    ("I can't send anyone.", K.ACTION),
    ("The money left on Thursday.", K.TIMEFRAME),
    ("I can't promise that it never happens again.", K.OVERPROMISE),
    ("What I can do is send a new one.", K.OPEN_QUESTION),
    ("You can find it on the website.", K.REFLECT),
    ("You'll need to send it back.", K.REFLECT),
    ("My manager said no.", K.ESCALATE),
    ("My mother is ill and I can't come.", K.ACTION),
    ("I'm putting the refund through, it goes in now.", K.ESCALATE),
    ("Nobody is saying it's your mistake.", K.BLAME),
    ("Was it your mistake or ours?", K.BLAME),
    ("You didn't ask for any of this.", K.BLAME),
    ("You must have missed work for this.", K.BLAME),
    ("You clearly did everything right.", K.BLAME),
    ("If you had been told on Monday, you could have planned for it.", K.BLAME),
    ("You're the one who had to pay for our mistake.", K.BLAME),
    ("What did you expect to happen next?", K.BLAME),
    ("Why did you have to wait so long?", K.BLAME),
    ("You should be able to see it by tomorrow.", K.JUDGEMENT),
    ("You ought to know that we made a mistake.", K.JUDGEMENT),
    ("You never change your mind about that, fair enough.", K.JUDGEMENT),
    ("Most people don't know that, and we should have said.", K.JUDGEMENT),
    ("It's ridiculous that you had to call five times.", K.JUDGEMENT),
    ("I've already told my manager about it.", K.DISMISS),
    ("Whatever it takes, we'll get it done.", K.DISMISS),
    ("You don't need to calm down, I'd be furious too.", K.DISMISS),
    ("Don't worry about the form, I'll deal with it.", K.DISMISS),
    ("It's our policy to ring back within the hour, and we didn't.", K.POLICY_WALL),
    ("The system doesn't show your second call.", K.POLICY_WALL),
    ("I'm not able to see it on my screen yet.", K.POLICY_WALL),
    ("There's nothing more I can say except sorry.", K.POLICY_WALL),
    ("I'm not able to decide that myself, I'll ask my manager and ring you.", K.POLICY_WALL),
]


@pytest.mark.parametrize(("text", "kind"), SHOWS)
def test_an_act_is_found(text: str, kind: K) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(("text", "kind"), SPARES)
def test_a_near_miss_is_spared(text: str, kind: K) -> None:
    assert kind not in kinds(text)


words = st.sampled_from([text for text, _ in (*SHOWS, *SPARES)])
junk = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(words, junk), max_size=4), st.sampled_from([" ", ", ", "\n", " and "]))
def test_a_quote_is_always_the_words_at_its_place(parts: list[str], glue: str) -> None:
    text = glue.join(parts)
    for act in READER.read(text, Context(customer=(text,))).acts:
        assert text[act.start : act.end] == act.quote
        assert act.quote.strip()
        assert 0 <= act.confidence <= 1


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(words, junk), max_size=4))
def test_no_word_is_lost_when_a_turn_is_cut(parts: list[str]) -> None:
    text = " ".join(parts)
    kept = "".join(unit.text for unit in units.split(text))
    assert sorted(c for c in kept if c.isalnum()) == sorted(c for c in text if c.isalnum())


def test_a_long_turn_without_punctuation_shows_each_of_its_acts() -> None:
    text = (
        "im so sorry about the missed appointment that must have been really frustrating and i'll "
        "send an engineer out to you tomorrow can you tell me what happened on the day"
    )
    assert {K.APOLOGY_OWNED, K.ACKNOWLEDGE, K.ACTION, K.OPEN_QUESTION} <= kinds(text)
    longest = max(READER.read(text).acts, key=lambda act: len(act.quote))
    assert len(longest.quote) < len(text) / 2


def test_reflection_is_matched_against_this_customer() -> None:
    said = ("I waited three days for the plumber and nobody called me back.",)
    text = "So you waited three days and nobody called."
    with_them = READER.read(text, said).find(K.REFLECT)
    other = READER.read(text, ("My card was charged twice.",)).find(K.REFLECT)
    assert with_them is not None
    assert other is None or other.confidence < with_them.confidence


def test_saying_the_same_words_back_is_hardly_a_reflection() -> None:
    said = ("So you waited three days and nobody called at all.",)
    echo = READER.read("So you waited three days and nobody called at all.", said).find(K.REFLECT)
    assert echo is not None
    assert echo.confidence < 0.5


def test_asking_for_what_was_said_is_asking_again() -> None:
    said = ("My order number is 44 71 903, it came on Monday.",)
    assert K.REPEAT_ASK in kinds("What's your order number?", said)
    assert K.REPEAT_ASK not in kinds("What's your postcode?", said)
    assert K.REPEAT_ASK not in kinds("Sorry, I didn't catch the order number?", said)


def test_the_third_use_of_a_phrase_is_off_the_shelf() -> None:
    phrase = "I understand how you feel about it."
    assert K.CANNED not in kinds(phrase, Context(agent=(phrase,)))
    assert K.CANNED in kinds(phrase, Context(agent=(phrase, phrase)))


def test_a_fix_before_a_word_of_understanding_is_premature() -> None:
    said = ("I am at the end of my rope with this.",)
    fix = "You can just order it again on the website."
    assert K.PREMATURE_ADVICE in kinds(fix, said)
    assert K.PREMATURE_ADVICE not in kinds(f"That sounds exhausting. {fix}", said)
    cared = Context(customer=said, agent=("That sounds exhausting.",))
    assert K.PREMATURE_ADVICE not in kinds(fix, cared)


def test_nothing_said_does_nothing() -> None:
    assert READER.read("") == Reading()
    assert READER.read(" … ") == Reading()


@pytest.mark.parametrize("kind", list(K))
def test_every_act_has_examples_to_learn_from(kind: K) -> None:
    known = library.load(())[kind]
    assert known.by == "whole" or len(known.examples) >= 3
    assert not set(known.examples) & set(known.near)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Um, what-what happened when he, uh, came?", K.OPEN_QUESTION),
        ("And when she rings the desk, what happens then?", K.OPEN_QUESTION),
        ("Hi Billy, how are you managing without it?", K.OPEN_QUESTION),
        ("have you thought about how youd like it handled", K.OPEN_QUESTION),
        ("On a scale of one to ten, how likely are you to stay?", K.CLOSED_QUESTION),
        ("Which number would you be at?", K.CLOSED_QUESTION),
    ],
)
def test_what_stands_around_a_question_does_not_change_its_kind(text: str, kind: K) -> None:
    assert kinds(text) & {K.OPEN_QUESTION, K.CLOSED_QUESTION} == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "Should you need anything, just ring.",
        "Would you bear with me a second.",
        "right have the box ready when he comes",
        "I wonder if we could talk about Friday.",
    ],
)
def test_requests_and_conditions_are_no_questions(text: str) -> None:
    assert not kinds(text) & {K.OPEN_QUESTION, K.CLOSED_QUESTION}


@pytest.mark.parametrize(
    "text",
    [
        "I'd rather you didn't call me names.",
        "Nobody told you properly, and that's on us.",
        "You did exactly what the site told you to do.",
    ],
)
def test_a_limit_and_an_excuse_for_the_customer_are_no_blame(text: str) -> None:
    assert K.BLAME not in kinds(text)


def test_a_goodbye_is_no_thanks() -> None:
    assert K.THANKS not in kinds("Goodbye.")
    assert K.THANKS in kinds("Thank you for ringing, goodbye.")


@pytest.mark.parametrize(
    "text",
    [
        "The driver said he was sorry.",
        "We got this badly wrong.",
        "You deserve an apology from the courier.",
        "I'm not going to apologise for that.",
    ],
)
def test_an_apology_is_made_and_not_only_talked_about(text: str) -> None:
    assert not kinds(text) & {K.APOLOGY_OWNED, K.APOLOGY_HOLLOW}


def test_the_shipped_scores_were_fitted_on_the_shipped_phrases() -> None:
    kept = fitted()
    stale = [
        kind.value
        for kind, digest in zip(kept.kinds, kept.digests, strict=True)
        if digest != fit.digest(library.load(())[kind])
    ]
    assert not stale, "run: python scripts/fit_acts.py"


def test_somebody_elses_pattern_that_never_ends_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "prompts" / "acts" / "blame.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("about: Blame.\npatterns:\n  - '(a|aa)+$'\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"blame\.yaml: a pattern takes too long"):
        library.load((tmp_path,))


def test_somebody_elses_pattern_gives_up_on_a_piece_that_takes_too_long() -> None:
    slow = phrases.compile_all([r"(q|qq)+ z$"], trusted=False)
    assert slow is not None
    assert slow.search("qq z") is not None
    assert slow.search("q" * 3000) is None


def test_what_happened_opens_a_story_once_and_is_deaf_the_second_time() -> None:
    told = ("It's Jo Merrin. I've been waiting nine days.", "All right.")
    first = Context(customer=told, agent=("I'm so sorry.",))
    again = Context(customer=told, agent=("I'm so sorry.", "What happened?"))
    assert K.REPEAT_ASK not in kinds("What happened?", first)
    assert K.REPEAT_ASK in kinds("And what happened?", again)


ASKED_AGAIN = [
    ("I've been without hot water since Monday.", "How long have you been without it?"),
    ("I called you on Friday.", "When did you call us?"),
    ("I've waited three weeks.", "How long have you waited?"),
    ("My account number is four four seven one two.", "And your account number, please?"),
    ("It's four four seven one two.", "What's your account number?"),
    ("I live at 12 Rose Street.", "What's the address?"),
]

ASKED_FIRST = [
    ("I called you on Friday and nobody rang back.", "Which day would suit you for the engineer?"),
    ("I called you on Friday and nobody rang back.", "What date is on the letter?"),
    ("I've been without hot water since Monday.", "How long have you been with us?"),
    ("My mother died on Tuesday.", "When did you call us about it?"),
    ("My account number is four four seven one two.", "What's the number on the letter?"),
    ("My name is Garrity.", "What was the name of the man you spoke to?"),
    ("I live at 12 Rose Street.", "What's your email address?"),
]


@pytest.mark.parametrize(("said", "question"), ASKED_AGAIN)
def test_what_the_customer_said_is_asked_again(said: str, question: str) -> None:
    assert K.REPEAT_ASK in kinds(question, (said,))


@pytest.mark.parametrize(("said", "question"), ASKED_FIRST)
def test_a_date_or_number_of_something_else_is_no_answer(said: str, question: str) -> None:
    assert K.REPEAT_ASK not in kinds(question, (said,))


def test_asking_how_the_story_went_on_is_not_asking_for_it_again() -> None:
    before = Context(customer=("The parcel came broken.",), agent=("Hello, what happened?",))
    assert K.REPEAT_ASK not in kinds("And what happened then?", before)
    assert K.REPEAT_ASK in kinds("What happened?", before)

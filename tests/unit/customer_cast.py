"""A small made-up customer for tests, written as files the way a trainer writes them."""

from pathlib import Path
from typing import Any

import yaml

from trainer.content import personas
from trainer.domain.persona import Cast
from trainer.domain.plan import Intent

_SHEET = """
identity:
  name: {is: Ada Finch}
  spelling: {is: Finch}
  birth_date: {is: "1982-04-02"}
  address: {is: "3 Kiln Lane, Harbury Vale"}
  postcode: {is: ZZ4 2RB}
  phone: {is: "07700 900321"}
  email: {is: ada@finch.example, says: "ada@finch.example, like the bird."}
  references:
    - {called: parcel number, is: GC 4410 27}
  account_holder: {says: "Mine. Nobody else is on it."}
items:
  - id: label
    kind: object
    topic: the label
    asks: ["What does the label say?", "Can you read the label?"]
    says: It says {plants}, this way up. It was upside down.
  - id: count
    kind: timeline
    topic: how long the plants took
    asks: ["How many days was it on the road?"]
    says: Longer than ferns keep. They were {late} late.
  - id: partner
    kind: people
    topic: who else is there
    asks: ["Is anybody with you?"]
    says: My apprentice, and a cat.
  - id: gate_hours
    kind: home
    topic: when somebody is there
    asks: ["When are you at home?", "Can you take a delivery before noon?"]
    says: From seven on. I water early.
    gate: {max_anger: 0.7}
  - id: mail
    kind: wants
    topic: how to reach her
    asks: ["Would you like a call or a letter?"]
    says: A call, please. Letters end up in the compost.
  - id: water
    kind: tried
    topic: watering them
    asks: ["Have you watered them?"]
    says: Twice. It ran straight through.
  - id: route
    kind: outside
    topic: the route of the van
    asks: ["Which depot did it go through?"]
    says: The depot? That's on your side.
"""

_COUNT = ("one", "two", "three", "four", "five", "six", "seven", "eight")

_ABOUT = {Intent.PICK: "{pick}", Intent.STILL_OPEN: "{open}"}

_TEMPERAMENT = """
name: plain
about: A plain manner.
mood: {anger: 0.6, anxiety: 0.4, sadness: 0.1, warmth: 0.2, trust: 0.3, patience: 0.8}
temper:
  reactivity: 1.0
  forgiveness: 1.0
  supervisor_at: 0.78
  exit_at: 0.9
  presence_s: 8
  outcome_weight: 0.45
  interaction_weight: 0.37
  sarcastic: false
  sighs: true
"""

_PERSONA = """
title: A gardener whose plants arrived dead
extends: plain
identity: {name: Ada Finch, age: 44, about: Keeps a small nursery.}
difficulty: 2
trains: [E1, SR2]
lead: anger
exits: [supervisor, hangs_up]
need: to_be_heard
scenario:
  card:
    company: Greenline Couriers
    agent_role: Support agent
    situation: A box of {plants} arrived {late} late.
    system: ["One parcel, delivered."]
    may_grant: [A new delivery]
    may_not: [Cash]
  background: The box stood in the sun.
  demand: I want every one of them replaced.
  facts:
    - id: sun
      text: The box stood in the sun for {late}.
      line: It cooked by the gate. For {late}, in the heat.
      asks: ["Where was the box left?", "What happened to the parcel?"]
      keys: [by the gate]
      volunteer: true
    - id: show
      text: They were for the memorial of her late sister.
      line: They were for my sister. Her memorial, on Sunday.
      asks: ["What were the plants for?", "Why do the plants matter so much?"]
      keys: [my sister, memorial]
      gate: {min_trust: 0.5, min_heard: 0.5, max_anger: 0.5}
      importance: 3
  remedies:
    - id: again
      examples: [I can send new plants to you tomorrow., We'll deliver a new box of plants.]
      allowed: true
      solves: 0.9
      accept: ["All right. A new box, then."]
    - id: cash
      examples: [I'll pay you the money in cash., We can give you cash for the plants.]
      allowed: false
      solves: 0.9
  variants:
    - {id: ferns, slots: {plants: ferns, late: two days}}
    - {id: roses, slots: {plants: roses, late: three days}, mood: {anger: 0.7}}
    - {id: moss, slots: {plants: mosses, late: a week}, hidden: [sun]}
lines:
  greet:
    any: ["Ada Finch. My {plants} came {late} late, and they are dead."]
"""


def temperament() -> dict[str, Any]:
    """A complete temperament, as data."""
    lines = {
        intent.value: {
            "any": [
                f"Well then. Number {n} about {_ABOUT.get(intent, intent.value.replace('_', ' '))}."
                for n in _COUNT
            ]
        }
        for intent in Intent
    }
    return {**yaml.safe_load(_TEMPERAMENT), "lines": lines}


def persona() -> dict[str, Any]:
    """A complete persona, as data."""
    who: dict[str, Any] = yaml.safe_load(_PERSONA)
    who["lines"]["vent"] = {
        "hot": [f"Look. They were alive when I paid, row {n} too." for n in _COUNT],
        "any": [f"It's a shame. I counted {n} brown leaves." for n in _COUNT],
    }
    return who


def sheet() -> dict[str, Any]:
    """What the customer knows, as data: every slot, and an item of each kind."""
    found: dict[str, Any] = yaml.safe_load(_SHEET)
    return found


def write(
    root: Path, who: dict[str, Any] | None = None, manner: dict[str, Any] | None = None
) -> Path:
    """Write both files under `root`; returns the persona's."""
    folder = root / "personas" / "temperaments"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plain.yaml").write_text(yaml.safe_dump(manner or temperament(), sort_keys=False))
    file = root / "personas" / "finch.yaml"
    file.write_text(yaml.safe_dump(who or persona(), sort_keys=False, allow_unicode=True))
    return file


def cast(root: Path, seed: int = 0, who: dict[str, Any] | None = None) -> Cast:
    """The customer, ready for a call."""
    write(root, who)
    return personas.load("finch", [root], seed)

"""The sheet that the trainers' guide builds up step by step is a sheet with nothing to mend."""

import re
import textwrap
from pathlib import Path
from typing import Any

import yaml

from trainer.content import knowledge, personas, starter, writing
from trainer.domain.persona import ItemKind

GUIDE = Path(__file__).parents[2] / "docs" / "trainer.md"


def sheet() -> dict[str, Any]:
    """The steps, one below the other."""
    text = GUIDE.read_text("utf-8").split("## What your customer knows\n")[1].split("\n## ")[0]
    steps = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(steps) == 5
    found: dict[str, Any] = yaml.safe_load(textwrap.dedent("".join(steps)))["knows"]
    return found


def test_the_sheet_of_the_guide_holds(tmp_path: Path) -> None:
    begin = starter.read([])
    about = {"name": "Edda Noakes", "age": 67, "thing": "the boiler"}
    data = starter.build(begin, starter.complete(begin, about, []), [])
    data["scenario"]["knows"] = sheet()
    file = writing.save(tmp_path, "noakes-boiler", writing.compose(data, "Head."))
    assert [str(one) for one in personas.check(file, [])] == []
    who = personas.read(str(file), [])[0]
    assert knowledge.missing(who) == []
    assert {item.kind for item in who.scenario.knows.items} == set(ItemKind)

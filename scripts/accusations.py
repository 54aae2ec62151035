"""Counts accusations that the reader finds: false ones in turns that accuse nobody, and real ones.

Run: python scripts/accusations.py FILE.jsonl ...   (needs the sentence model)

A file whose lines have "act" holds real accusations, any other one only harmless turns; "text" is
the agent's turn, "before" the customer's last one.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from trainer.acts.reader import UNKIND, Reader
from trainer.backends import make
from trainer.domain.acts import ActKind

MORE = frozenset({ActKind.REPEAT_ASK, ActKind.APOLOGY_HOLLOW, ActKind.PREMATURE_ADVICE})
"""Hurt the customer too, and are counted beside the accusations."""


def main(paths: list[str]) -> None:
    """Print what was found or missed, one line each, then the sums of each file."""
    reader = Reader(make("embed", "minilm"))
    for path in paths:
        rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
        found: Counter[str] = Counter()
        for row in rows:
            before = (row["before"],) if row.get("before") else ()
            acts = reader.read(row["text"], before).acts
            unkind = [act for act in acts if act.kind in UNKIND]
            real = "act" in row
            found["turns"] += 1
            found["turns accused"] += bool(unkind)
            found.update(act.kind.value for act in acts if act.kind in UNKIND | MORE)
            if real and row["veiled"]:
                found["veiled"] += 1
                found["veiled found"] += bool(unkind)
            if real and any(act.kind.value == row["act"] for act in unkind):
                found["found as labelled"] += 1
            if real and not unkind:
                print(f"missed {row['act']}{' (veiled)' if row['veiled'] else ''}: {row['text']}")
            for act in () if real else unkind:
                print(f"{act.kind.value} {act.method} {act.confidence}: {act.quote}")
        print(f"{path}: {dict(found)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Fit the cross-encoder anew: which remedy a turn touches and how, what it asks for, of which kind.

Run: python scripts/fit_cross_encoder.py [--hold NAME …] [--epochs 4] [--start FILE] (an hour on two
cores; needs the sentence model and torch). Writes trainer/embed/cross_encoder.npz. With --hold,
turns of those customers are left out; with --start, fitting goes on from an earlier result.

The sentence model's weights are the start, linear layers and norms are tuned (word vectors stay),
loss is cross-entropy over the state of every remedy and over the kind of question, and binary over
every fact and item that stands beside a question. Then the heads are fitted
again on the fitted body, with all that nearness (`acts.pool`) and grammar (`acts.shape`) tell.
"""

import argparse
import json
import math
import random
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
import yaml
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional as F

from trainer import models
from trainer.acts import shape, units
from trainer.acts.pool import Pool
from trainer.backends import make
from trainer.content import prompts
from trainer.domain.moves import QUESTIONS
from trainer.embed import pairs
from trainer.embed.adapting import WORDS, linear_layers
from trainer.embed.cross_encoder import FITTED
from trainer.ports.embedding import FEATURES, STATES

ROOT = Path(__file__).resolve().parent.parent
KINDS = [kind.value for kind in QUESTIONS]
WEIGHTS = torch.tensor([0.5, 1.0, 1.3, 1.0, 1.3, 1.0, 1.5, 1.5])
"""Of the states in the loss: most remedies are not touched by most turns."""
BATCH, RATE, HEAD_RATE, WARM = 32, 3e-4, 1e-3, 0.08
FIRST = 4
"""Features that the heads see while the body is fitted; `refit` gives them all."""
BESIDE = 7
"""Candidates beside a question in fitting."""
OPENS = 0.35
"""Share of drawn turns that get one or two sentences of other turns in front: most real ones have
something before what matters."""

Row = tuple[list[int], list[int], list[int], list[int], int, Any, Any]
"""Tokens, segments, places, gold a candidate, kind (-1: an offer's turn), features, shape."""


# -- data ----------------------------------------------------------------------------------------


def stories() -> dict[str, dict[str, Any]]:
    """Every story: remedies `R`, what can be asked for `P`, facts `F`, turns `T` and `Q`."""
    slots = prompts.data("moves.yaml", ())["identity_asks"]
    identity = {f"identity:{name}": list(asks) for name, asks in slots.items()}
    found = {path.stem: _story(path) for path in sorted((ROOT / "scripts/reading").glob("*.txt"))}
    found |= _library()
    for one in found.values():
        one["P"] = {**one["F"], **one["I"], **identity}
    return found


def _story(path: Path) -> dict[str, Any]:
    one: dict[str, Any] = {"R": {}, "F": {}, "I": {}, "A": {}, "T": [], "Q": []}
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, rest = line[:1], line[1:].strip()
        if kind == "R":
            name, *texts = (part.strip() for part in rest.split("::"))
            one["R"][name] = texts
        elif kind in ("F", "I"):
            name, *texts = (part.strip() for part in rest.split("::"))
            one[kind][name], one["A"][name] = texts[:-1], texts[-1:]
        elif kind == "T":
            before, text, states = (part.strip() for part in line[1:].split("||"))
            pairs_ = (each.strip().split("=") for each in states.split(",") if each.strip())
            one["T"].append((before, text, dict(pairs_)))
        elif kind == "Q":
            one["Q"].append(tuple(part.strip() for part in line[1:].split("||")))
    return one


def _library() -> dict[str, dict[str, Any]]:
    """The customers of the library that have labelled turns."""
    found: dict[str, dict[str, Any]] = {}
    folder = ROOT / "tests/data/listening"
    for row in map(json.loads, (folder / "offers.jsonl").read_text("utf-8").splitlines()):
        story = found.setdefault(row["p"], _persona(row["p"]))
        story["T"].append((row["before"], row["text"], row["r"]))
    for row in map(json.loads, (folder / "questions.jsonl").read_text("utf-8").splitlines()):
        about = row.get("item") or row["about"]
        found[row["p"]]["Q"].append((row["before"], row["text"], row["kind"], about))
    return found


def _persona(name: str) -> dict[str, Any]:
    raw = yaml.safe_load((ROOT / f"personas/{name}.yaml").read_text("utf-8"))["scenario"]
    slots = raw["variants"][0]["slots"]

    def fill(texts: list[str]) -> list[str]:
        return [re.sub(r"\{(\w+)\}", lambda m: str(slots.get(m[1], m[1])), text) for text in texts]

    return {
        "R": {one["id"]: fill(one["examples"]) for one in raw["remedies"]},
        "F": {one["id"]: fill(one["asks"]) for one in raw["facts"]},
        "I": {one["id"]: fill(one["asks"]) for one in raw["knows"]["items"]},
        "A": {one["id"]: fill([one["text"], one["line"]]) for one in raw["facts"]}
        | {one["id"]: fill([one["says"]]) for one in raw["knows"]["items"]},
        "T": [],
        "Q": [],
    }


class Remembered:
    """The sentence model, computing each text once."""

    name = "remembered"

    def __init__(self) -> None:
        self._model = make("embed", "minilm")
        self._known: dict[str, Any] = {}

    def embed(self, texts: Sequence[str]) -> Any:
        """Shape (len(texts), 384)."""
        for text in texts:
            if text not in self._known:
                self._known[text] = self._model.embed([text])[0]
        return np.array([self._known[text] for text in texts], dtype=np.float32).reshape(-1, 384)


# -- model ---------------------------------------------------------------------------------------


class Block(nn.Module):
    """One BERT block with six linear layers, in the base's order."""

    def __init__(self, weights: list[Any], biases: list[Any], norms: list[Any]) -> None:
        super().__init__()
        self.linear = nn.ParameterList(nn.Parameter(torch.tensor(one)) for one in weights)
        self.bias = nn.ParameterList(nn.Parameter(torch.tensor(one)) for one in biases)
        self.norm = nn.ParameterList(nn.Parameter(torch.tensor(one)) for one in norms)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape
        q, k, v = (
            (x @ self.linear[at] + self.bias[at]).view(batch, length, 12, -1).transpose(1, 2)
            for at in range(3)
        )
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        seen = seen.transpose(1, 2).reshape(batch, length, width)
        x = self._normal(x + seen @ self.linear[3] + self.bias[3], 0)
        wide = F.gelu(x @ self.linear[4] + self.bias[4], approximate="tanh")
        return self._normal(x + wide @ self.linear[5] + self.bias[5], 2)

    def _normal(self, x: torch.Tensor, at: int) -> torch.Tensor:
        return F.layer_norm(x, x.shape[-1:], self.norm[at], self.norm[at + 1], 1e-12)


class Net(nn.Module):
    """The base with its heads; names of parameters are kept for writing them back."""

    def __init__(self, base: Path) -> None:
        super().__init__()
        graph = onnx.load(str(base)).graph
        held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
        self.names = linear_layers(graph)
        whole = [held[f"{n}_q"].astype(np.float32) * held[f"{n}_scale"] for n in self.names]
        position = "inner.embeddings.position_embeddings.weight"
        self.words = torch.tensor(held[f"{WORDS}_q"] * held[f"{WORDS}_scale"])
        self.places = torch.tensor(held[f"{position}_q"] * held[f"{position}_scale"])
        self.segments = nn.Parameter(
            torch.tensor(held["inner.embeddings.token_type_embeddings.weight"])
        )
        self.first = nn.ParameterList(
            nn.Parameter(torch.tensor(held[f"inner.embeddings.LayerNorm.{one}"]))
            for one in ("weight", "bias")
        )
        blocks = len(self.names) // 6
        self.blocks = nn.ModuleList(
            Block(
                whole[6 * at : 6 * at + 6],
                [held[name] for name in _biases(at)],
                [held[name] for name in _norms(at)],
            )
            for at in range(blocks)
        )
        width = self.words.shape[1]
        self.state = _head(width + FIRST, len(STATES))
        self.ask = _head(width + FIRST, 1)
        self.kind = nn.Linear(width, len(KINDS))

    def forward(
        self, ids: torch.Tensor, segments: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        x = self.words[ids] + self.places[: ids.shape[1]][None] + self.segments[segments]
        x = F.layer_norm(x, x.shape[-1:], self.first[0], self.first[1], 1e-12)
        for block in self.blocks:
            x = block(x, mask[:, None, None, :])
        return x


def _head(given: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(given, 64), nn.GELU(approximate="tanh"), nn.Linear(64, out))


def _biases(at: int) -> list[str]:
    block = f"inner.encoder.layer.{at}"
    parts = ("attention.self.query", "attention.self.key", "attention.self.value",
             "attention.output.dense", "intermediate.dense", "output.dense")  # fmt: skip
    return [f"{block}.{part}.bias" for part in parts]


def _norms(at: int) -> list[str]:
    block = f"inner.encoder.layer.{at}"
    return [
        f"{block}.{part}.LayerNorm.{one}"
        for part in ("attention.output", "output")
        for one in ("weight", "bias")
    ]


def start(net: Net, fitted: Path) -> None:
    """Set the body to that of an earlier result."""
    kept = np.load(fitted, allow_pickle=False)
    with torch.no_grad():
        for at, block in enumerate(net.blocks):
            for name, weight in zip(net.names[6 * at : 6 * at + 6], block.linear, strict=True):
                whole = kept[f"int8.{name}"].astype(np.float32) * kept[f"scale.{name}"]
                weight.copy_(torch.tensor(whole))
            plain = [*zip(_biases(at), block.bias, strict=True)]
            plain += zip(_norms(at), block.norm, strict=True)
            for name, value in plain:
                value.copy_(torch.tensor(kept[f"plain.{name}"]))
        for one, value in zip(("weight", "bias"), net.first, strict=True):
            value.copy_(torch.tensor(kept[f"plain.inner.embeddings.LayerNorm.{one}"]))
        segments = kept["plain.inner.embeddings.token_type_embeddings.weight"]
        net.segments.copy_(torch.tensor(segments))


def save(net: Net, into: Path) -> None:
    """What `trainer.embed.adapting` and `cross_encoder` read: int8 a column, norms, heads."""
    kept: dict[str, Any] = {}
    for at, block in enumerate(net.blocks):
        for name, weight in zip(net.names[6 * at : 6 * at + 6], block.linear, strict=True):
            whole = weight.detach().float().numpy()
            scale = np.abs(whole).max(axis=0, keepdims=True) / 127
            kept[f"int8.{name}"] = np.rint(whole / scale).astype(np.int8)
            kept[f"scale.{name}"] = scale.astype(np.float32)
        for name, value in zip(_biases(at), block.bias, strict=True):
            kept[f"plain.{name}"] = value.detach().float().numpy()
        for name, value in zip(_norms(at), block.norm, strict=True):
            kept[f"plain.{name}"] = value.detach().float().numpy()
    for one, value in zip(("weight", "bias"), net.first, strict=True):
        kept[f"plain.inner.embeddings.LayerNorm.{one}"] = value.detach().float().numpy()
    segments = net.segments.detach().float().numpy()
    kept["plain.inner.embeddings.token_type_embeddings.weight"] = segments
    for name, value in net.state_dict().items():
        if name.split(".")[0] in ("state", "ask", "kind"):
            kept[f"head.{name}"] = value.detach().float().numpy()
    np.savez_compressed(into, **kept)


# -- fitting -------------------------------------------------------------------------------------


class Fitting:
    """Rows of tokens from stories, shuffled anew for every epoch."""

    def __init__(self) -> None:
        tokenizer = Tokenizer.from_file(str(models.find("minilm-tokenizer")))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokens = lambda text: tokenizer.encode(text, add_special_tokens=False).ids
        self.stories = stories()
        model = Remembered()
        for one in self.stories.values():
            # questions of something else touch no remedy: `refit` shows that to the heads as well
            asks = [(row[0], row[1], {}) for row in one["Q"] if not row[3].startswith("remedy")]
            one["T"] += asks
            one["asks"] = len(asks)
            offers = Pool(list(one["R"].values()), [[] for _ in one["R"]], model)
            asks = Pool(
                list(one["P"].values()), [one["A"].get(name, []) for name in one["P"]], model
            )
            one["fT"] = [_offer_features(offers, turn, before) for before, turn, _ in one["T"]]
            one["fQ"] = [_ask_features(asks, text) for _, text, *_ in one["Q"]]
        self._openings = [
            opening
            for one in self.stories.values()
            for _, text, *_ in one["Q"]
            if (opening := _opening(text))
        ]

    def rows(self, names: list[str]) -> list[Row]:
        """A fresh drawing of every turn of these stories."""
        found = []
        for name in names:
            one = self.stories[name]
            found += [self.offer(one, at, True) for at in range(len(one["T"]) - one["asks"])]
            found += [self.question(one, at, True) for at in range(len(one["Q"]))]
        return found

    def offer(self, one: dict[str, Any], at: int, drawn: bool) -> Row:
        """A turn beside all remedies; `drawn`: in any order, by any one or two examples."""
        before, text, states = one["T"][at]
        order = list(range(len(one["R"])))
        if drawn:
            random.shuffle(order)
        names = [list(one["R"])[index] for index in order]
        gold = [STATES.index(states.get(name, "none")) for name in names]
        return self._row(before, text, [one["R"][n] for n in names], gold, -1,
                         one["fT"][at][order], drawn)  # fmt: skip

    def question(self, one: dict[str, Any], at: int, drawn: bool) -> Row:
        """A question beside what it asks for and what is most like it."""
        before, text, kind, about = one["Q"][at]
        names = list(one["P"])
        by_likeness = [names[i] for i in np.argsort(-one["fQ"][at][:, 0])]
        if drawn:
            near = [name for name in by_likeness[:12] if name != about]
            facts = [name for name in one["F"] if name != about]
            random.shuffle(near)
            random.shuffle(facts)
            beside = [about] * (about in one["P"]) + facts[:2] + near
            beside = list(dict.fromkeys(beside))[:BESIDE]
            random.shuffle(beside)
        else:
            beside = list(dict.fromkeys([*one["F"], *by_likeness]))[: len(one["F"]) + 8]
            beside += [about] * (about in one["P"] and about not in beside)
        places = [names.index(name) for name in beside]
        gold = [int(name == about) for name in beside]
        return self._row(before, text, [one["P"][n] for n in beside], gold, KINDS.index(kind),
                         one["fQ"][at][places], drawn)  # fmt: skip

    def _row(
        self, before: str, text: str, examples: list[list[str]], gold: list[int], kind: int,
        likeness: Any, drawn: bool,
    ) -> Row:  # fmt: skip
        def shown(texts: list[str]) -> str:
            if not drawn:
                return " / ".join(texts[:2])
            return " / ".join(random.sample(texts, min(random.choice((1, 2)), len(texts))))

        if drawn and random.random() < OPENS:
            before_it = random.sample(self._openings, random.choice((1, 1, 2)))
            text = " ".join([*before_it, text])
        candidates = [shown(texts) for texts in examples]
        ids, segments, places = pairs.line(self._tokens, before, text, candidates)
        near = likeness[: len(places)]
        return ids, segments, places, gold[: len(places)], kind, near, shape.of_turn(text)


def _opening(text: str) -> str:
    """The first sentence of a turn, where it is short, asks nothing and is not all of it."""
    first, *more = units.sentences(text)
    fits = more and not first.text.endswith("?") and 2 <= len(first.text.split()) <= 16
    return first.text if fits else ""


def _offer_features(pool: Pool, turn: str, before: str) -> Any:
    near = pool.near(turn, before)
    clauses = [shape.of_clause(near.clause(at).text) for at in range(pool.size)]
    return np.concatenate([near.features, np.stack(clauses)], axis=1)


def _ask_features(pool: Pool, turn: str) -> Any:
    return np.pad(pool.near(turn).features, ((0, 0), (0, shape.CLAUSE)))


def refit(net: Net, fitting: Fitting, names: list[str]) -> None:
    """Fit the heads again on what the fitted body makes of every turn, with all features."""
    rows = fitting.rows(names)
    for name in names:
        one = fitting.stories[name]
        rows += [fitting.offer(one, at, False) for at in range(len(one["T"]))]
        rows += [fitting.question(one, at, False) for at in range(len(one["Q"]))]
    rows.sort(key=lambda row: len(row[0]))
    seen: dict[bool, list[Any]] = {True: [], False: []}
    gold: dict[bool, list[int]] = {True: [], False: []}
    turns, kinds = [], []
    with torch.inference_mode():
        for at in range(0, len(rows), BATCH):
            batch = rows[at : at + BATCH]
            hidden = run(net, batch)
            for n, row in enumerate(batch):
                seen[row[4] < 0].append(np.concatenate([hidden[n, row[2]].numpy(), row[5]], 1))
                gold[row[4] < 0] += row[3]
                if row[4] >= 0:
                    turns.append(np.concatenate([hidden[n, 0].numpy(), row[6]]))
                    kinds.append(row[4])
    width = hidden.shape[2] + FEATURES
    net.state, net.ask = _head(width, len(STATES)), _head(width, 1)
    net.kind = nn.Linear(hidden.shape[2] + shape.TURN, len(KINDS))
    weight = WEIGHTS.clone()
    weight[0] = 0.6
    _fit_head(net.state, np.concatenate(seen[True]), gold[True], 30,
              lambda out, y: F.cross_entropy(out, y, weight, label_smoothing=0.02))  # fmt: skip
    _fit_head(net.ask, np.concatenate(seen[False]), gold[False], 30,
              lambda out, y: F.binary_cross_entropy_with_logits(out[:, 0], y.float()))  # fmt: skip
    _fit_head(net.kind, np.stack(turns), kinds, 60,
              lambda out, y: F.cross_entropy(out, y, label_smoothing=0.03))  # fmt: skip


def _fit_head(
    head: nn.Module, seen: Any, gold: list[int], epochs: int,
    loss_of_head: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
) -> None:  # fmt: skip
    x, y = torch.tensor(seen), torch.tensor(gold)
    adam = torch.optim.AdamW(head.parameters(), lr=2e-3, weight_decay=0.02)
    steps = epochs * math.ceil(len(x) / 512)
    rate = torch.optim.lr_scheduler.LambdaLR(adam, lambda at: max(0.01, 1 - at / steps))
    for _ in range(epochs):
        for picked in torch.randperm(len(x)).split(512):
            loss = loss_of_head(head(F.dropout(x[picked], 0.2)), y[picked])
            adam.zero_grad()
            loss.backward()
            adam.step()
            rate.step()


def loss_of(net: Net, rows: list[Row]) -> torch.Tensor:
    """The summed loss of a batch."""
    hidden = run(net, rows)
    length, flat = hidden.shape[1], hidden.reshape(-1, hidden.shape[2])
    total = torch.zeros(())
    for kind, head in ((True, net.state), (False, net.ask)):
        picked = [(n, row) for n, row in enumerate(rows) if (row[4] < 0) == kind and row[2]]
        if not picked:
            continue
        places = [n * length + place for n, row in picked for place in row[2]]
        likeness = torch.tensor(np.concatenate([row[5][:, :FIRST] for _, row in picked]))
        seen = torch.cat([flat[places], likeness], 1)  # one gather: each would copy all gradients
        gold = torch.tensor([one for _, row in picked for one in row[3]])
        if kind:
            total = total + F.cross_entropy(head(seen), gold, WEIGHTS, label_smoothing=0.03)
        else:
            total = total + F.binary_cross_entropy_with_logits(head(seen)[:, 0], gold.float())
    asked = [n for n, row in enumerate(rows) if row[4] >= 0]
    if asked:
        kinds = torch.tensor([rows[n][4] for n in asked])
        total = total + 0.5 * F.cross_entropy(
            net.kind(flat[[n * length for n in asked]]), kinds, label_smoothing=0.05
        )
    return total


def run(net: Net, rows: list[Row]) -> torch.Tensor:
    """Hidden states, shape (rows, tokens, width)."""
    longest = max(len(row[0]) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    segments, mask = torch.zeros_like(ids), torch.zeros(len(rows), longest, dtype=torch.bool)
    for n, (tokens, parts, *_) in enumerate(rows):
        ids[n, : len(tokens)] = torch.tensor(tokens)
        segments[n, : len(tokens)] = torch.tensor(parts)
        mask[n, : len(tokens)] = True
    with torch.autocast("cpu", dtype=torch.bfloat16):  # twice as fast where the processor has it
        return net(ids, segments, mask).float()


def main() -> None:
    """Fit, score what was held, save."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--hold", nargs="*", default=[])
    asked.add_argument("--epochs", type=int, default=4)
    asked.add_argument("--rate", type=float, default=RATE)
    asked.add_argument("--start", type=Path)
    asked.add_argument("--into", type=Path, default=FITTED)
    given = asked.parse_args()
    random.seed(0)
    torch.manual_seed(0)
    fitting = Fitting()
    names = [name for name in fitting.stories if name not in given.hold]
    net = Net(models.find("minilm"))
    if given.start is not None:
        start(net, given.start)
    heads = [p for n, p in net.named_parameters() if n.split(".")[0] in ("state", "ask", "kind")]
    known = {id(p) for p in heads}
    body = [p for p in net.parameters() if id(p) not in known]
    adam = torch.optim.AdamW(
        [{"params": heads, "lr": HEAD_RATE}, {"params": body, "lr": given.rate}],
        weight_decay=0.01,
        fused=True,
    )
    steps = given.epochs * math.ceil(len(fitting.rows(names)) / BATCH)
    rate = torch.optim.lr_scheduler.LambdaLR(
        adam, lambda at: min(1.0, (at + 1) / (WARM * steps)) * max(0.0, 1 - at / steps)
    )
    began = time.monotonic()
    for epoch in range(given.epochs):
        rows = sorted(fitting.rows(names), key=lambda row: len(row[0]) + random.random() * 40)
        batches = [rows[at : at + BATCH] for at in range(0, len(rows), BATCH)]
        random.shuffle(batches)
        total = 0.0
        for batch in batches:
            loss = loss_of(net, batch)
            adam.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            adam.step()
            rate.step()
            total += float(loss.detach())
        print(f"epoch {epoch}: {total / len(batches):.3f}, {time.monotonic() - began:.0f} s")
    refit(net, fitting, names)
    save(net, given.into)
    print(f"{given.into}: {given.into.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

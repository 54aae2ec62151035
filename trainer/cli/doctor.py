"""`trainer doctor`: what works here, what does not, and what to type about it."""

import asyncio
import json
import logging
from dataclasses import dataclass

import click

from trainer import backends
from trainer.cli import echo
from trainer.cli.checks import Finding, State, all_of
from trainer.domain.errors import EngineFailed, EngineMissing
from trainer.ports.wording import Prompt, Wording
from trainer.settings import load

_MARKS: dict[State, tuple[str, str]] = {
    "ok": ("✓", "green"),
    "degraded": ("!", "yellow"),
    "missing": ("✗", "red"),
}
_LINE = "I have been waiting far too long for this."
_HARMLESS = {"ok", "slow"}
_PATIENCE = 30.0
"""Seconds after which a wording model that neither speaks nor fails counts as not handled."""


@dataclass(frozen=True)
class Trial:
    """How the program took one fault of a language model's server."""

    fault: str
    handled: bool
    outcome: str
    """What came of it: the words spoken, or what people are told."""


@click.command(name="doctor")
@click.option("--llm", is_flag=True, help="Also try every way a language model's server can fail.")
@click.option("--echo-test", is_flag=True, help="Also play a voice and listen for its echo.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(llm: bool, echo_test: bool, as_json: bool) -> int:
    """What works here, and how to mend what does not. Exit 1 when something required is missing."""
    settings = load()
    findings = all_of(settings)
    heard = echo.report(settings) if echo_test else None
    trials = asyncio.run(_trials()) if llm else []
    if as_json:
        report = {
            "ok": _well(findings, trials),
            "checks": [vars(finding) for finding in findings],
            **({"llm": [vars(trial) for trial in trials]} if llm else {}),
            **({"echo": heard} if heard is not None else {}),
        }
        click.echo(json.dumps(report, indent=1, ensure_ascii=False))
    else:
        show(findings)
        _show_trials(trials)
        if heard is not None:
            echo.show(heard)
    return 0 if _well(findings, trials) else 1


def show(findings: list[Finding]) -> None:
    """Print the list for people."""
    for finding in findings:
        mark, colour = _MARKS[finding.state]
        click.secho(f" {mark} ", fg=colour, nl=False)
        click.echo(f"{finding.name:<21} {finding.state:<9} {finding.detail}")
        if finding.mend:
            click.secho(f"   {'':<21} {'':<9} → {finding.mend}", dim=True)
    bad = [finding.name for finding in findings if stops(finding)]
    click.echo()
    if bad:
        click.secho(f"Not ready: {', '.join(bad)}.", fg="red")
    elif any(f.name == "microphone" and f.state == "missing" for f in findings):
        click.echo("Ready for typed practice (trainer practice --typed) and trainer demo.")
    else:
        click.echo("Ready. Type: trainer practice")


def stops(finding: Finding) -> bool:
    """Whether this finding keeps the program from doing what its settings ask for."""
    return finding.required and finding.state == "missing"


def _well(findings: list[Finding], trials: list[Trial]) -> bool:
    return not any(map(stops, findings)) and all(trial.handled for trial in trials)


def _show_trials(trials: list[Trial]) -> None:
    if trials:
        click.echo("\nA language model's server that fails:")
    for trial in trials:
        mark, colour = _MARKS["ok" if trial.handled else "missing"]
        click.secho(f" {mark} ", fg=colour, nl=False)
        click.echo(f"{trial.fault:<11} {trial.outcome}")


async def _trials() -> list[Trial]:
    """Let a server on this machine fail in every way it knows, and use it as a call would."""
    from trainer.simulate.model_server import FAULTS, ModelServer, dead_url

    logging.disable(logging.CRITICAL)  # the libraries' own words about each fault
    with ModelServer(replies=[_LINE]) as server:
        models = {fault: server.base_url for fault in FAULTS}
        tries = [_try(fault, f"openai/fault-{fault}", url) for fault, url in models.items()]
        tries.append(_try("refused", "openai/any", dead_url()))
        try:
            return list(await asyncio.gather(*tries))
        finally:
            logging.disable(logging.NOTSET)


async def _try(fault: str, model: str, api_base: str) -> Trial:
    engine: Wording = backends.make("llm", "litellm", model=model, api_base=api_base)
    prompt = Prompt(({"role": "user", "content": f"Say in other words: {_LINE}"},))
    pieces: list[str] = []
    try:
        async with asyncio.timeout(_PATIENCE):
            async for piece in engine.stream(prompt):
                pieces.append(piece)
    except (EngineFailed, EngineMissing) as error:
        return Trial(fault, True, f"noticed: {error.message}")
    except TimeoutError:
        return Trial(fault, False, f"no answer and no error within {_PATIENCE:.0f} s")
    except Exception as error:  # whatever comes through here would have broken a call
        return Trial(fault, False, f"{type(error).__name__}: {error}")
    finally:
        await engine.close()
    return _judged(fault, "".join(pieces).strip())


def _judged(fault: str, said: str) -> Trial:
    """What the guard makes of words that came: only a line of the customer is to be spoken."""
    from trainer.customer import guard

    refused = guard.check(said, guard.Context(known=(_LINE,)))
    outcome = f"not spoken, {refused}: {said}" if refused else f"spoken: {said}"
    return Trial(fault, (refused is None) == (fault in _HARMLESS), outcome)

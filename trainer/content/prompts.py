"""Prompt texts and act data: files under prompts/, shadowed by the team's and the user's own.

Templates are untrusted: sandboxed, and a name that is not filled is an error, never empty text.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from trainer.content import problems, source
from trainer.content import roots as places
from trainer.domain.errors import BadInput

_Model = TypeVar("_Model", bound=BaseModel)
MEND = "Mend it, or delete your own copy of it."
"""What to do about a prompt file with a mistake: a shipped one has none."""

_FILE = re.compile(r"(?:[a-z0-9_]+/)*[a-z0-9_]+\.(?:md|yaml|txt)")


def path(name: str, roots: Sequence[Path]) -> Path:
    """The prompt file called `name` ("customer_chat.md", "acts/blame.yaml") that is first in line.

    Raises:
        BadInput: no such file, or a name that is not a plain file name under prompts/.
    """
    if not _FILE.fullmatch(name):
        raise BadInput(
            f"“{name}” is not the name of a prompt file.",
            "A name looks like customer_chat.md or acts/blame.yaml.",
        )
    found = places.find("prompts", name, roots)
    if found is None:
        raise BadInput(f"There is no prompt file called {name}.")
    return found


def render(name: str, roots: Sequence[Path], /, **values: Any) -> str:
    """The text of one prompt template with `values` filled in.

    Args:
        name: file name under prompts/.
        roots: extra content roots, later ones first in line.
        values: what the template may use.

    Raises:
        BadInput: the file is missing, is not a valid template, or uses a value it was not given.
    """
    import jinja2

    file = path(name, roots)
    try:
        return str(_template(file, file.stat().st_mtime_ns).render(**values))
    except jinja2.TemplateSyntaxError as error:
        raise BadInput(
            f"{file}:{error.lineno or 1}: {error.message}.",
            "Mend the template, or delete your own copy of it.",
        ) from None
    except jinja2.TemplateError as error:
        raise BadInput(
            f"{file}: {error.message}.", "Mend the template, or delete your own copy of it."
        ) from None
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise BadInput(
            f"{file}: {error}.", "Mend the template, or delete your own copy of it."
        ) from None


def data(name: str, roots: Sequence[Path]) -> dict[str, Any]:
    """The content of one YAML file under prompts/.

    Raises:
        BadInput: missing or not valid YAML; the message names file, line and column.
    """
    return source.read(path(name, roots)).data


def model(name: str, kind: type[_Model], roots: Sequence[Path]) -> _Model:
    """The same as `kind`; a team's own file shadows the shipped one.

    Raises:
        BadInput: missing, or it does not fit; the message names file, line and column.
    """
    return problems.valid(kind, source.read(path(name, roots)), MEND)


@lru_cache(maxsize=64)
def _template(file: Path, _changed: int) -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    # no range(): a template of a few characters must not fill the memory
    environment.globals.clear()
    return environment.from_string(places.read_text(file))

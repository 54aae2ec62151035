"""One YAML file with the place of everything in it: a mistake can be named by line and column."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from trainer.content.roots import read_text
from trainer.domain.errors import BadInput

Loc = tuple[int | str, ...]
"""A path into the data, as pydantic names it."""


class _Loader(yaml.SafeLoader):
    """Safe YAML without anchors: a few lines of nested anchors can stand for millions of nodes."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem="anchors and aliases (& and *) are not used here",
                problem_mark=event.start_mark,
            )
        return super().compose_node(parent, index)


@dataclass(frozen=True)
class Source:
    """A YAML file that was read.

    Attributes:
        path: the file.
        text: what stands in it.
        data: the plain data.
        root: the node tree, for places.
    """

    path: Path
    text: str
    data: dict[str, Any]
    root: yaml.MappingNode

    def place(self, loc: Sequence[int | str]) -> tuple[int, int]:
        """Line and column, from 1, of the deepest part of `loc` that is in the file.

        A missing or unknown last part gives the place of its key, else of its parent.
        """
        node: yaml.Node = self.root
        mark = node.start_mark
        for part in loc:
            if isinstance(node, yaml.MappingNode):
                found = next(
                    ((key, value) for key, value in node.value if key.value == str(part)), None
                )
                if found is None:
                    continue  # a tag that pydantic put into the path, not a key
                mark, node = found[0].start_mark, found[1]
            elif (
                isinstance(node, yaml.SequenceNode)
                and isinstance(part, int)
                and part < len(node.value)
            ):
                node = node.value[part]
                mark = node.start_mark
        return mark.line + 1, mark.column + 1


def read(path: Path) -> Source:
    """Read one YAML mapping.

    Raises:
        BadInput: the file cannot be read, is not YAML, or names a key twice; the message begins
            with file:line:column.
    """
    text = read_text(path)
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            if not isinstance(root, yaml.MappingNode):
                raise BadInput(f"{path}:1:1: this file should be a list of “key: value” lines.", "")
            _no_key_twice(path, root)
            data = loader.construct_document(root)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        what = error.problem or "this is not valid YAML"
        if what.startswith("but ") and error.context:
            what = f"{error.context}, {what}"
        raise BadInput(
            f"{where}: {what}.",
            "Texts with “: ” or “ #” inside need quotes around them; indent with spaces, not tabs.",
        ) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        raise BadInput(
            f"{path}:{line}:{column}: a character that no text may hold.",
            "Delete it, or type the line anew.",
        ) from None
    except (RecursionError, ValueError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise BadInput(f"{path}:1:1: this is not valid YAML: {why}.") from None
    return Source(path, text, data, root)


def _no_key_twice(path: Path, node: yaml.Node) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    mark = key.start_mark
                    raise BadInput(
                        f"{path}:{mark.line + 1}:{mark.column + 1}: “{key.value}” is here twice.",
                        "Only the last one would count: put them together.",
                    )
                seen.add(key.value)
            _no_key_twice(path, value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _no_key_twice(path, value)

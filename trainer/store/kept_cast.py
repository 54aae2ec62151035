"""The customer of a call, kept beside it: their file may change, the call that was taken does not.

One JSON file in the call folder, `cast.json`, readable by its owner only.
"""

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from trainer.domain.errors import BadInput
from trainer.domain.persona import Cast
from trainer.store.inside import open_inside, write_private

NAME = "cast.json"
_LARGEST = 8 << 20
_adapter = TypeAdapter(Cast)


def keep(folder: Path, cast: Cast) -> None:
    """Write the customer beside the call.

    Raises:
        BadInput: there is no room, or no permission.
    """
    write_private(folder / NAME, _adapter.dump_json(cast, by_alias=True))


def kept(folder: Path) -> Cast | None:
    """The customer as they were; None when none was kept.

    Raises:
        BadInput: the file is damaged.
    """
    file = open_inside(folder, NAME, _LARGEST)
    if file is None:
        return None
    with file:
        try:
            return _adapter.validate_json(file.read())
        except ValidationError as cause:
            raise BadInput(
                f"{folder / NAME} is damaged: it does not describe a customer.",
                "The call can be read and heard, but not retried.",
            ) from cause

import os
from collections.abc import Iterator

import pytest

from tests import pulse as virtual
from trainer.audio.devices import look_again


@pytest.fixture(scope="module")
def pulse() -> Iterator[virtual.Pulse]:
    """A virtual sound card that this process uses, and no other."""
    with virtual.running() as card, pytest.MonkeyPatch.context() as patch:
        for name, value in card.env.items():
            patch.setitem(os.environ, name, value)
        look_again()
        yield card

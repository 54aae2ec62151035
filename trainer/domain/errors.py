"""The one exception root: what happened, and what to do about it."""


class TrainerError(Exception):
    """Something the person in front of the screen can understand and mend.

    Args:
        message: what happened and where, in plain words.
        hint: what to do next, ideally the one command to type. Empty when there is nothing to do.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class BadInput(TrainerError):
    """The person gave something that cannot be used (a file, a name, an option). Exit code 2."""

    exit_code = 2


class EngineMissing(TrainerError):
    """An engine, its weights or its key is not here.

    Exit code 2; the hint names the command that brings it.
    """

    exit_code = 2


class EngineFailed(TrainerError):
    """An engine was there and failed. A call goes on with its fallback."""

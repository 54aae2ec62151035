"""How the agent saw the call, before any result was shown: `self.json` in the call folder.

Nothing in it is scored. Every answer may be missing: None, or empty text.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from trainer.domain.mood import Feeling
from trainer.domain.persona import Need

NONE = "none"
"""Asked, and there was none: no moment, nowhere in the body, could not tell."""

LONGEST = 400
"""Characters of one line."""

Line = Annotated[str, Field(max_length=LONGEST)]
Mark = Annotated[int, Field(ge=1, le=5)]


class SelfRating(BaseModel):
    """One agent's own view of one call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    made: AwareDatetime
    dimensions: dict[str, Mark] = Field(
        default_factory=dict, description="1 hardly .. 5 all the way, by id of the dimension."
    )
    moment: int | Literal["none"] | None = Field(
        default=None, description="The customer's turn that got to them."
    )
    body: Annotated[str, Field(max_length=40)] | None = Field(
        default=None, description="Where they noticed it: a key of the list, or none."
    )
    felt: Feeling | Literal["none"] | None = Field(
        default=None, description="What the customer felt most, as they saw it."
    )
    needed: Need | Literal["none"] | None = Field(
        default=None, description="What the customer needed, as they saw it."
    )
    reframe: Line = Field(default="", description="What might be going on for them, one line.")
    journal: tuple[Line, Line] = Field(default=("", ""), description="Two lines for oneself.")

    @property
    def empty(self) -> bool:
        """Whether nothing was answered or written."""
        return self == SelfRating(made=self.made)

"""What a deployment may set, read from the environment once and passed down."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.retention import KEEP_DAYS, MOST_KEEP_DAYS

Token = Annotated[SecretStr, Field(min_length=1)]


class Settings(BaseSettings):
    """
    Settings of the service: each is read from `GRIDPATROL_` and its name in capitals.

    Without a token the service is open to whoever reaches it; with one it is shut to all others.

    Parameters
    ----------
    database_url
        `sqlite:///FILE` or `postgresql+psycopg://...`.
    lang
        Language of what the service says: "zh" or "en".
    open_token
        Opens the service once in a browser, as `/?token=...`; from then on a cookie does.
    reader_token
        Opens it to programs, in the header `Authorization: Bearer ...`.
    upload_mb
        How large a request may be, and so a file that is uploaded, in megabytes.
    positions_keep_days
        How many days the positions of units are kept, at most 90; then only what was patrolled.
    """

    model_config = SettingsConfigDict(env_prefix="GRIDPATROL_", frozen=True)

    database_url: str = "sqlite:///gridpatrol.db"
    lang: Literal["zh", "en"] = "zh"
    open_token: Token | None = None
    reader_token: Token | None = None
    upload_mb: Annotated[int, Field(ge=1)] = 100
    positions_keep_days: Annotated[int, Field(ge=1, le=MOST_KEEP_DAYS)] = KEEP_DAYS

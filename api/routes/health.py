"""Whether the service runs."""

from typing import Any

from fastapi import APIRouter, Depends
from sqlalchemy import text

from api.errors import problems
from api.routes import StoreDep, no_parameters
from api.schemas import Health
from data.engine import reading

router = APIRouter(tags=["health"], dependencies=[Depends(no_parameters)])


@router.get(
    "/healthz",
    summary="Whether the database is reached",
    response_model=Health,
    responses=problems(),
)
def read_health(store: StoreDep) -> dict[str, Any]:
    """Return that it is, and nothing of what it holds."""
    with reading(store.engine) as session:
        session.execute(text("SELECT 1"))
    return {"status": "ok"}

"""The layers of a run, read from files or from the store."""

import datetime as dt
import getpass
from collections.abc import Callable, Mapping
from typing import Final

from api.arguments import by_role, column_maps
from api.settings import Settings
from api.stock import open_store
from api.stored import stored_layers, worth_layers
from api.stored_ledgers import beside_cameras
from data import Layer, read_layer
from data.dated import as_of
from data.migrate import connected
from data.scope import Scope
from data.states import FAULTS, STATES, read_faults, read_states
from data.viewing import note_view
from data.volunteers import VOLUNTEERS, read_volunteers

KINDS_OF_ROLES: Final = {
    "within": "areas",
    "forbid": "areas",
    "cordon": "areas",
    "keep": "posts",
}
"""Role of a file in a run -> kind of layer, where it is another."""

SHEETS: Final[Mapping[str, Callable[[str], Layer]]] = {
    VOLUNTEERS: read_volunteers,
    STATES: read_states,
    FAULTS: read_faults,
}
"""Role of a table without places -> what reads it."""

Read = Callable[[Callable[[str], None]], Mapping[str, Layer]]
"""Reads the layers of a run, role -> layer, and tells what it is about to read."""


def from_files(asked: Mapping[str, str | None], options: Mapping[str, list[str]]) -> Read:
    """
    Return what reads the layers of a run from files.

    Parameters
    ----------
    asked
        Role -> `FILE` or `FILE:LAYER`; None for a role that was not given.
    options
        "datum", "crs" and "map" -> what those options were given.

    Returns
    -------
    read
        Reads them when it is called.
    """
    specs = {role: spec for role, spec in asked.items() if spec}
    kinds = {role: KINDS_OF_ROLES.get(role, role) for role in specs if role not in SHEETS}
    datums = by_role(options["datum"], kinds, "--datum")
    systems = by_role(options["crs"], kinds, "--crs")
    columns = column_maps(options["map"], kinds)

    def read(reading: Callable[[str], None]) -> Mapping[str, Layer]:
        layers = {}
        for role, spec in specs.items():
            reading(role)
            if role in SHEETS:
                layers[role] = SHEETS[role](spec)
                continue
            layers[role] = read_layer(
                spec,
                kinds[role],
                datum=datums.get(role),
                crs=systems.get(role),
                columns=columns[role],
            )
        return layers

    return read


def from_store(
    sites: str,
    area: str,
    database: str | None,
    reach_m: float = 50.0,
    *,
    covert: bool = False,
    on: dt.date | None = None,
) -> Read:
    """
    Return what reads the layers of a run over a stored area.

    Parameters
    ----------
    sites
        "posts" or "cameras".
    area
        Code of the area.
    database
        URL of the store; None for that of the settings.
    reach_m
        How far posts are looked for, in metres.
    covert
        Whether covert posts will be shown, which is written down.
    on
        The day whose borders, streets and sites are taken; None for today.

    Returns
    -------
    read
        Reads them when it is called.
    """

    def read(reading: Callable[[str], None]) -> Mapping[str, Layer]:
        reading("store")
        url = database or Settings().database_url
        with connected(url):
            pass  # opening would make the file of a store that is not there
        with open_store(url) as opened:
            store = opened if on is None else as_of(opened, on)
            layers = stored_layers(store, sites, area, reach_m=reach_m)
            layers = {**worth_layers(store, area), **layers}
            if sites == "cameras":
                layers |= beside_cameras(store, area, layers[sites].frame)
            if covert:
                # Before anything is shown: when it cannot be written down, nothing is.
                viewer = store.scoped(Scope(name=getpass.getuser()))
                note_view(viewer, "gridpatrol posts", area=area, rows=len(layers[sites].frame))
            return layers

    return read

"""Every way in: the command line and the service."""

__all__: list[str] = []

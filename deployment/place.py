"""`find_place`: where a stack's page can be asked for, even while its own name is in no DNS."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from deployment.stack import Stack


@dataclass(frozen=True, slots=True)
class Place:
    address: str
    """With a slash at the end."""
    edge: bool
    """Whether it is the distribution's."""
    advice: str | None = None
    """What is missing until the page's own name leads there; None where it does."""


def find_place(stack: Stack) -> Place:
    """Raises UnknownStack where the stack has no address at all."""
    page = stack.outputs.get("PageAddress")
    if page is None:
        return Place(stack.require("Address"), edge=False)
    host = urlsplit(page).hostname or ""
    own = stack.outputs.get("DistributionDomain")
    if own is None or own == host or is_known(host):
        return Place(page, edge=True)
    if stack.parameters.get("HostedZoneId"):
        advice = f"{host} has its record, but the DNS here does not know of it yet: wait a little."
    else:
        advice = (
            f"{host} is in no DNS yet. Where its names are kept, make a CNAME from {host} to {own} "
            "(an ALIAS or ANAME, if it is the name of the zone itself): then the page is at "
            f"{page}"
        )
    return Place(f"https://{own}/", edge=True, advice=advice)


def is_known(host: str) -> bool:
    """Whether the DNS has an address for a name."""
    try:
        return bool(socket.getaddrinfo(host, None))
    except (socket.gaierror, UnicodeError):  # of a name that is none
        return False

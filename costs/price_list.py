"""`PriceList`: what AWS asks for a unit of each thing, from a dated file."""

import tomllib
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final

PRICES: Final = Path(__file__).with_name("prices.toml")


@dataclass(frozen=True, slots=True)
class Price:
    price: float
    """US dollars for `per` units."""
    per: float
    unit: str
    page: str
    seen: str
    """`own`, `quoted` or `memory`: see the file."""
    free: float = 0.0
    """Units a month that cost nothing."""
    scales: tuple[tuple[float, float], ...] = ()
    """The price of what is above so many units a month, by rising numbers of them."""

    def charge(self, units: float, *, free_tier: bool, before: float = 0.0) -> float:
        """US dollars for units of a month that has had some before. The first ones may be free."""
        bounds = [0.0, *(bound for bound, _ in self.scales), float("inf")]
        prices = [self.price, *(price for _, price in self.scales)]
        start = max(before, self.free if free_tier else 0.0)
        total = 0.0
        for price, (low, high) in zip(prices, pairwise(bounds), strict=True):
            total += max(0.0, min(before + units, high) - max(low, start)) * price / self.per
        return total


@dataclass(frozen=True, slots=True)
class PriceList:
    read: date
    region: str
    prices: dict[str, Price]


def read_prices(path: Path = PRICES) -> PriceList:
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    read, region = entries.pop("read"), entries.pop("region")
    prices = {
        name: Price(**{**entry, "scales": tuple(map(tuple, entry.get("scales", ())))})
        for name, entry in entries.items()
    }
    return PriceList(read, region, prices)

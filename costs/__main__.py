"""`python -m costs`: prints what the stack costs a month. `make costs` runs it."""

from costs.price_list import read_prices
from costs.tables import tabulate_services, tabulate_starts, tabulate_variants
from costs.traffic import read_traffic


def main() -> None:
    prices, traffic = read_prices(), read_traffic()
    unsure = sorted(name for name, each in prices.prices.items() if each.seen == "memory")
    print(
        f"Prices of {prices.region}, read on {prices.read:%d %B %Y}; nothing here has run on AWS."
    )
    print(f"Not confirmed that day: {', '.join(unsure)}.\n")
    print("Without any free tier:\n")
    print(tabulate_services(prices, traffic, free_tier=False))
    print("\nWith what every account has for nothing, always:\n")
    print(tabulate_services(prices, traffic, free_tier=True))
    print("\nChosen otherwise, without any free tier:\n")
    print(tabulate_variants(prices, traffic))
    print("\nCold starts, by the model in costs/cold_starts.py:\n")
    print(tabulate_starts(traffic))


if __name__ == "__main__":
    main()

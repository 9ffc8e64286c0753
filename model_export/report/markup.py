"""`element`: HTML and SVG as strings. What is text goes through `escape` first."""

from html import escape

__all__ = ["caption", "element", "escape", "rows_of", "table"]

_EMPTY = {"circle", "col", "line", "meta", "path", "polyline", "rect"}


def element(name: str, /, *content: str, **attributes: object) -> str:
    """One element around markup that is already escaped.

    Attributes are escaped here; `class_` is `class` and `aria_label` is `aria-label`; None and
    False leave one out, True gives its name alone as value, which HTML and XML both take.
    """
    parts = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        shown = key if value is True else f"{value:.2f}" if isinstance(value, float) else str(value)
        parts.append(f'{key.rstrip("_").replace("_", "-")}="{escape(shown)}"')
    opening = " ".join(parts)
    if name in _EMPTY and not content:
        return f"<{opening}/>"
    return f"<{opening}>{''.join(content)}</{name}>"


def table(head: list[str], *bodies: str, title: str, class_: str | None = None) -> str:
    """A table under the cells of `head`, which are markup; `title` is its caption's text."""
    return element(
        "div",
        element(
            "table",
            element("caption", escape(title)),
            element("thead", element("tr", *(element("th", cell, scope="col") for cell in head))),
            *bodies,
            class_=class_,
        ),
        class_="scroll",
        # What scrolls must be within the keyboard's reach.
        tabindex="0",
        role="region",
        aria_label=title,
    )


def rows_of(rows: list[list[str]], *, title: str = "") -> str:
    """A table's body of markup whose first column heads the rows; `title` heads them all."""
    parts = []
    if title:
        width = len(rows[0])
        heading = element("th", escape(title), scope="rowgroup", colspan=width)
        parts.append(element("tr", heading, class_="group"))
    for first, *others in rows:
        cells = "".join(element("td", cell) for cell in others)
        parts.append(element("tr", element("th", first, scope="row"), cells))
    return element("tbody", *parts)


def caption(picture: str, text: str) -> str:
    """A figure with its caption's text below."""
    return element("figure", picture, element("figcaption", escape(text)))

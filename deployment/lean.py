"""`shrink`: a script or a style sheet without its comments and idle spaces, as the edge sends it.

There is nothing to build: the sources run as they are, and from a laptop they are sent so. Their
comments say why and of what type, and are more than a third of the page's weight; the spaces that
only the eye needs are another twentieth.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import tinycss2
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from deployment.errors import DeploymentError

_WHOLE: Final = frozenset({"string", "template_string", "regex"})
"""What is one token, whatever it holds."""
_OPEN: Final = frozenset({b"{", b"(", b"[", b",", b";"})
"""After these no line's end means anything."""
_ONE_TOKEN: Final = re.compile(rb"[\w$#\x80-\xff]{2}|\+\+|--|//|\d\.")
"""The last of one token and the first of the next, where these would be read as one."""
_APART: Final = frozenset({";", ",", "{} block", "whitespace"})
"""Beside these no space means anything in a style sheet."""
_BEFORE: Final = _APART | {":"}
"""Nor behind these. Before a colon it does, in a selector."""


def shrink(content: bytes, suffix: str) -> bytes:
    """The same program or style, in fewer bytes; any other kind of file as it is.

    Args:
        content: UTF-8 text, if it's of a kind that is shrunk.
        suffix: of the file's name, with its point.

    Raises:
        DeploymentError: it's no script.
    """
    if suffix == ".js":
        return _shrink_script(content)
    if suffix == ".css":
        return _shrink_style(content.decode()).encode()
    if suffix == ".html":
        return re.sub(rb"\n +", b"\n", content)  # nothing there is as it's indented
    return content


def _shrink_script(content: bytes) -> bytes:
    """A script's tokens. Where lines end stays, if it may end a statement."""
    tree = Parser(Language(tree_sitter_javascript.language())).parse(content)
    if tree.root_node.has_error:
        raise DeploymentError("A script of the page can't be parsed.")
    pieces: list[bytes] = []
    last, end = b"{", 0
    for token in _list_tokens(tree.root_node):
        piece = content[token.start_byte : token.end_byte]
        between = content[end : token.start_byte]
        if b"\n" in between:
            pieces.append(b"" if last in _OPEN else b"\n")
        elif between and _ONE_TOKEN.fullmatch(last[-1:] + piece[:1]):
            pieces.append(b" ")
        pieces.append(piece)
        last, end = piece, token.end_byte
    return b"".join(pieces)


def _list_tokens(node: Node) -> Iterator[Node]:
    if node.type == "comment":
        return
    if node.type in _WHOLE or not node.children:
        yield node
    else:
        for child in node.children:
            yield from _list_tokens(child)


def _shrink_style(text: str) -> str:
    tree = tinycss2.parse_component_value_list(text, skip_comments=True)
    return str(tinycss2.serialize(_drop_spaces(tree)))


def _drop_spaces(nodes: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for node, following in zip(nodes, [*nodes, None][1:], strict=True):
        if node.type in ("{} block", "() block"):
            node.content = _drop_spaces(node.content)
        if node.type == "function":
            node.arguments = _drop_spaces(node.arguments)
        if node.type != "whitespace":
            kept.append(node)
        elif (
            kept and following and _name(kept[-1]) not in _BEFORE and _name(following) not in _APART
        ):
            node.value = " "
            kept.append(node)
    return kept


def _name(node: Any) -> str:
    return str(node.value if node.type == "literal" else node.type)

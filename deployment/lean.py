"""`shrink`: a script or a style sheet without its comments, as the edge sends it.

There is nothing to build: the sources run as they are, and from a laptop they are sent so. Their
comments say why and of what type, and are more than a third of the page's weight.
"""

from collections.abc import Iterator
from typing import Final

import tinycss2
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from deployment.errors import DeploymentError

_WHOLE: Final = frozenset({"string", "template_string", "regex"})
"""What is one token, whatever it holds."""


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
    return content


def _shrink_script(content: bytes) -> bytes:
    """A script's tokens. Where lines end stays: it may end a statement."""
    tree = Parser(Language(tree_sitter_javascript.language())).parse(content)
    if tree.root_node.has_error:
        raise DeploymentError("A script of the page can't be parsed.")
    pieces: list[bytes] = []
    end = 0
    for token in _list_tokens(tree.root_node):
        between = content[end : token.start_byte]
        if pieces and between:
            pieces.append(b"\n" if b"\n" in between else b" ")
        end = token.end_byte
        pieces.append(content[token.start_byte : end])
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
    tokens = tinycss2.parse_component_value_list(text, skip_comments=True)
    lines = (line.strip() for line in tinycss2.serialize(tokens).splitlines())
    return "\n".join(filter(None, lines))

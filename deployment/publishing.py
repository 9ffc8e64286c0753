"""`publish_page`: the page into its bucket and through the edge, however far it was before."""

from collections.abc import Callable, Sequence
from typing import Any

from deployment.edge import EVERYTHING, Edge, name_paths
from deployment.page import PageFile
from deployment.site import Site, digest_page, find_changed, hold

Tell = Callable[[str], Any]


def publish_page(files: Sequence[PageFile], site: Site, edge: Edge | None, tell: Tell) -> None:
    """Upload what changed, the index last; have the edge forget it; remove what is no more.

    A file goes only once nothing at the edge speaks of it any more. Raises what boto3 raises.
    """
    held = site.read()
    changed = find_changed(files, held)
    replaced = [file.key for file in changed if file.key in held]
    gone = sorted(held.keys() - {file.key for file in files})
    new = len(changed) - len(replaced)
    tell(
        f"Page: {len(files)} files, {new} new, {len(replaced)} changed, {len(gone)} to be removed, "
        f"in the bucket {site.bucket}."
    )
    page = {file.key: hold(file) for file in files}
    with_gone = page | {key: held[key] for key in gone}
    before = digest_page(held)
    site.upload(changed)
    if edge is not None:
        refresh(edge, before, digest_page(with_gone), replaced, tell)
    site.remove(gone)
    if gone and edge is not None:
        refresh(edge, digest_page(with_gone), digest_page(page), gone, tell)


def refresh(edge: Edge, before: str, after: str, keys: Sequence[str], tell: Tell) -> None:
    """Bring the edge from one page of the bucket's to the next.

    Args:
        before, after: the pages' names.
        keys: whose content differs between the two.
    """
    known, under_way = edge.read_page()
    if before == after == known:  # nothing was changed, and the edge has been told of all before
        if under_way:
            tell("Waiting for the edge to forget the page before.")
            edge.wait(under_way)
        return
    paths = name_paths(keys) if known == before else [EVERYTHING]
    # New files alone are nothing to forget; but then the next one has to know.
    paths = paths or ["/"]
    tell(f"Having the edge forget {' '.join(paths)}")
    edge.wait(edge.invalidate(after, paths))

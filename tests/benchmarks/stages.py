"""Where a warm request's time goes, and what batches of images take the classifier."""

from tests.benchmarks import figures
from tests.benchmarks.answers import check_response
from tests.benchmarks.comparators import INKLING, Built
from tests.benchmarks.events import CANVAS, GREY, PHOTO, make_events
from tests.benchmarks.processes import Worker, write_events
from tests.benchmarks.rounds import Turn, take_turns
from tests.benchmarks.samples import Series

SECTIONS = {
    GREY: figures.STAGES_GREY,
    CANVAS: figures.STAGES_CANVAS,
    PHOTO: figures.STAGES_PHOTO,
}
AROUND = "HTTP around them"
BATCHES = (1, 2, 4, 8, 16, 32, 64)
CALLS = 10


def time_stages(built: Built, rounds: int) -> list[Series]:
    """Milliseconds of each stage, and of what is around them: the event, the form, the answer."""
    events = make_events()
    orders = {name: {"event": event} for name, event in events.items()}
    found: dict[tuple[str, str], list[float]] = {}
    with Worker(built.staged, write_events(built.folder, "stages", orders)) as worker:

        def measure(name: str) -> list[float]:
            taken = []
            for _ in range(CALLS):
                _, answer = worker.call(name)
                check_response(INKLING, answer["response"])
                stages = answer["stages"]
                stages[AROUND] = answer["seconds"] - sum(stages.values())
                for stage, seconds in stages.items():
                    found.setdefault((SECTIONS[name], stage), []).append(seconds * 1e3)
                taken.append(answer["seconds"])
            return taken

        turns = {name: Turn(lambda name=name: measure(name)) for name in events}  # type: ignore[misc]
        take_turns(turns, rounds)
    return [
        Series(section, stage, tuple(samples[CALLS:]))  # without those of the first round
        for (section, stage), samples in found.items()
    ]


def count_batches(built: Built, rounds: int) -> list[Series]:
    """Images a second through the classifier, in batches of each size."""
    event = make_events()[GREY]
    orders = {str(size): {"event": event, "batch": size} for size in BATCHES}
    with Worker(built.staged, write_events(built.folder, "batches", orders)) as worker:

        def measure(size: int) -> list[float]:
            return [size / worker.call(str(size))[1]["seconds"] for _ in range(CALLS)]

        turns = {str(size): Turn(lambda size=size: measure(size)) for size in BATCHES}  # type: ignore[misc]
        taken = take_turns(turns, rounds)
    return [Series(figures.BATCHES, size, samples) for size, samples in taken.items()]

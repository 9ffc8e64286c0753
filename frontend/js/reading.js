// @ts-check
import { Problem, isPassing } from "./client.js";
import { newId } from "./records.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./client.js").Client} Client */

/**
 * What is asked about: an image as it is now, and a version that another image has another of.
 * @typedef {{ image: Promise<Blob>, version: unknown }} Question
 */

/**
 * What has gone wrong, and whether the question is asked again without anyone's doing: once the
 * network is back, some time later, or never; and the id under which the image was to be kept,
 * if it was.
 * @typedef {{ problem: Problem, again: "online" | "later" | "never", keep: string }} Failure
 */

/**
 * Milliseconds from the end of a stroke to the question. No pause spares a 4 from being asked for
 * half drawn: of the pauses between 944 strokes of letters (Omniglot's), half are longer than a
 * second, 93 % longer than 300 ms and 96 % longer than 150 ms.
 */
const SHORTEST_PAUSE = 150;
/** Where answers come slowly, a question too many costs more. */
const LONGEST_PAUSE = 600;

/** Milliseconds until a question that failed is asked again, twice as long each time. */
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 60_000;
/** So often: a page that is forgotten in some tab doesn't ask for ever. */
const RETRIES = 8;
/** Seconds. Nobody waits for an answer longer than this. */
const LONGEST_RETRY_AFTER = 600;
/** Types of problems that are the server's own: it may be mended, or its last version come back. */
const FAULTS = ["internal-error", "storage-unavailable"];

/**
 * Asks what digit is in an image: now, soon, or not any more. Only the last question is ever
 * answered; one that fails for a reason that passes is asked again by itself.
 *
 * Dispatches `waiting`, `answer` with the Answer and its Question as its detail, and `problem`
 * with a Failure.
 */
export class Reading extends EventTarget {
  /** @type {Client} */ #client;
  /** @type {() => Question | null} */ #question;
  /** The id to keep the image under, the same as often as that is asked; empty to keep nothing. */
  #keep = "";
  /** The version of what was asked about last; null if that is no longer wanted. */
  /** @type {unknown} */ #asked = null;
  #turn = 0;
  #timer = 0;
  #pause = SHORTEST_PAUSE;
  /** As performance.now() counts: the server wants no question before. */
  #earliest = 0;
  #failures = 0;
  /** @type {Failure | null} */ #failure = null;

  /**
   * @param {Client} client
   * @param {() => Question | null} question what to ask about
   * @param {EventTarget} window dispatches `online` when the network is back, and
   *   `visibilitychange` when somebody is
   */
  constructor(client, question, window) {
    super();
    this.#client = client;
    this.#question = question;
    window.addEventListener("online", () => this.#resume());
    window.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#resume();
    });
  }

  /** Whether an answer is coming with which the image is kept: somebody has asked for that. */
  get isKeeping() {
    return this.#keep !== "" && this.#failure?.again !== "never";
  }

  /**
   * Ask, for somebody who waits for it.
   * @param {{ keep: boolean }} [options] whether the server is to keep image and answer
   */
  now({ keep } = { keep: false }) {
    this.cancel();
    if (keep) this.#keep = newId();
    this.#ask();
  }

  /**
   * Ask again what could not be answered, as it was asked.
   * @param {Failure} failure as it was told; whoever knows is not told the same again
   */
  again(failure) {
    this.cancel();
    this.#keep = failure.keep;
    this.#failure = failure;
    this.#schedule(0);
  }

  /**
   * Ask when the hand has paused, unless that very thing has been asked about.
   * @param {unknown} version another for another image
   * @param {number} [pause] milliseconds
   * @returns {boolean} whether it hasn't been
   */
  soon(version, pause = this.#pause) {
    if (version === this.#asked) return false;
    this.cancel();
    this.#asked = version;
    this.#schedule(pause);
    return true;
  }

  /** Whatever was asked, or was to be, is no longer wanted. */
  cancel() {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.#keep = "";
    this.#asked = null;
    this.#failures = 0;
    this.#failure = null;
    this.#client.cancel();
  }

  /** Something is back that the last question may have lacked. */
  #resume() {
    if (!this.#failure || !mayPass(this.#failure.problem)) return;
    this.#failures = 0;
    this.#schedule(0);
  }

  /** @param {number} delay milliseconds; a pause that the server asked for may make it longer */
  #schedule(delay) {
    clearTimeout(this.#timer);
    const rest = this.#earliest - performance.now();
    this.#timer = setTimeout(() => this.#ask(), Math.max(delay, rest));
  }

  async #ask() {
    this.#turn += 1; // what was asked before is dropped
    const turn = this.#turn;
    const question = this.#question();
    if (question === null) {
      this.#tell(new Problem("missing-image", ""), "never");
      return;
    }
    // Who has been told that it failed is told again when that has changed, or was given up.
    if (this.#failure?.again === "never") this.#failure = null;
    if (!this.#failure) this.dispatchEvent(new Event("waiting"));
    try {
      const answer = await this.#client.recognise(question.image, { keep: this.#keep });
      if (turn !== this.#turn) return;
      this.#keep = "";
      this.#failure = null;
      this.#pause = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, answer.round_trip * 1000));
      this.dispatchEvent(new CustomEvent("answer", { detail: { answer, question } }));
    } catch (error) {
      if (turn === this.#turn) this.#fail(toProblem(error));
    }
  }

  /** @param {Problem} problem */
  #fail(problem) {
    this.#pause = LONGEST_PAUSE;
    this.#earliest = performance.now() + problem.pause * 1000;
    const isLong = problem.pause > LONGEST_RETRY_AFTER;
    if (!mayPass(problem) || isLong || this.#failures === RETRIES) {
      this.#tell(problem, "never");
    } else if (navigator.onLine) {
      const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#failures);
      this.#failures += 1;
      this.#tell(problem, "later");
      // Not all at the same moment, after a failure that met everyone.
      this.#schedule(delay * (0.75 + Math.random() / 2));
    } else {
      this.#tell(problem, "online");
    }
  }

  /**
   * @param {Problem} problem
   * @param {Failure["again"]} again
   */
  #tell(problem, again) {
    const last = this.#failure;
    this.#failure = { problem, again, keep: this.#keep };
    if (last?.problem.type === problem.type && last.again === again) return;
    this.dispatchEvent(new CustomEvent("problem", { detail: this.#failure }));
  }
}

/**
 * Whether the same question may be answered another time.
 * @param {Problem} problem
 */
export function mayPass(problem) {
  return isPassing(problem) || FAULTS.includes(problem.type);
}

/**
 * @param {unknown} error
 * @returns {Problem}
 */
export function toProblem(error) {
  if (error instanceof Problem) return error;
  console.error(error);
  return new Problem("unexpected", "");
}

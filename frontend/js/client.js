// @ts-check
import { WantedRecords, followClock, newId } from "./records.js";

/**
 * What the API answers, and how long the way there and back took.
 * @typedef {object} Answer
 * @property {string} id
 * @property {"digit" | "uncertain" | "not_a_digit" | "blank"} outcome
 * @property {number | null} digit
 * @property {number} confidence  0 to 1
 * @property {number[]} scores  ten of them, 0 to 1
 * @property {string} model  its version
 * @property {number} processing_time  seconds, from the image's bytes to the scores
 * @property {boolean} stored  whether the image was kept
 * @property {number[][] | null} pixels  28 rows of 28, 0 paper to 1 ink; null of a blank image
 * @property {Box | null} box  where the ink was; null of a blank image
 * @property {number} strangeness  how unlike a digit, 0 to 1
 * @property {number | null} server_time  seconds, all that the server took, if it says so
 * @property {number} round_trip  seconds, as seen from here
 */

/**
 * A rectangle of the image that was sent, in its pixels; right and bottom exclusive.
 * @typedef {object} Box
 * @property {number} left
 * @property {number} top
 * @property {number} right
 * @property {number} bottom
 */

/**
 * @typedef {object} Example
 * @property {string} name
 * @property {number} digit
 */

/** Milliseconds. API Gateway itself gives up after 29 s. */
const PATIENCE = 30_000;

/** An error that the API answered, or that kept it from answering. */
export class Problem extends Error {
  /**
   * @param {string} type a slug of the API's, or `unreachable` or `timeout`
   * @param {string} detail for a person; may be empty
   * @param {number} [pause] seconds until the server wants to be asked again; 0 if it doesn't say
   */
  constructor(type, detail, pause = 0) {
    super(detail || type);
    this.name = "Problem";
    this.type = type;
    this.detail = detail;
    this.pause = pause;
  }
}

/** Types of problems that are the way's to the server, or its load's: they pass. */
const PASSING = ["unreachable", "timeout", "rate-limited", "request-timeout", "request-aborted"];
/** Problems of an id, which another has not. */
const UNUSABLE = ["invalid-id", "id-taken"];

/** @param {unknown} result */
export function isPassing(result) {
  return result instanceof Problem && PASSING.includes(result.type);
}

/**
 * Dispatches `ask` before the server may keep something, and `remove` when it keeps that no more,
 * or never has; their detail is the record's id.
 */
export const records = new EventTarget();

const wanted = new WantedRecords(removeUnseen);

/** Their removals, while they are under way: what is asked for again waits until it's gone. */
/** @type {Map<string, Promise<void>>} */
const removals = new Map();

/** The API, at addresses relative to the page. */
export class Client {
  /** @type {AbortController | null} */ #current = null;
  /** The id that the last question is to be kept under, until that's answered; or empty. */
  #awaited = "";

  /**
   * Have a digit read. Asking again drops the question before: only the latest is ever answered.
   * What a dropped question had kept is removed again, unless it's asked for anew.
   *
   * @param {Blob | Promise<Blob>} image
   * @param {{ keep: string }} options the id under which the server is to keep image and answer;
   *   empty if it isn't to
   * @returns {Promise<Answer>} rejects with a Problem, or with an AbortError if it was dropped
   */
  async recognise(image, { keep }) {
    this.cancel();
    const controller = new AbortController();
    this.#current = controller;
    this.#awaited = keep;
    if (keep) wanted.await(keep);
    const { signal } = controller;
    const body = await image;
    signal.throwIfAborted();
    const timer = setTimeout(() => controller.abort(new Problem("timeout", "")), PATIENCE);
    const start = performance.now();
    try {
      const answer = await (keep ? askToKeep(body, keep, signal) : ask(body, "", signal));
      signal.throwIfAborted();
      if (keep) wanted.see(answer.id);
      this.#awaited = "";
      return { ...answer, round_trip: (performance.now() - start) / 1000 };
    } catch (error) {
      if (this.#current === controller) this.cancel();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Drop the question that is still open, if there is one. */
  cancel() {
    this.#current?.abort();
    this.#current = null;
    if (this.#awaited) wanted.giveUp(this.#awaited);
    this.#awaited = "";
  }

  /**
   * Have an image kept whose answer is known, beside whatever else is asked.
   *
   * @param {Blob} image
   * @param {string} id the same again, and it's kept once
   * @returns {Promise<Pick<Answer, "id" | "stored">>} rejects with a Problem
   */
  async keep(image, id) {
    wanted.await(id);
    try {
      const answer = await withPatience((signal) => askToKeep(image, id, signal));
      wanted.see(answer.id);
      return answer;
    } catch (error) {
      wanted.giveUp(id);
      throw error;
    }
  }

  /**
   * Say which digit it really is. The same again changes nothing, and the last one counts.
   *
   * @param {string} id of a kept image's recognition
   * @param {number} digit
   * @returns {Promise<void>} rejects with a Problem
   */
  async label(id, digit) {
    const options = {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ digit }),
    };
    await withPatience((signal) =>
      request(`api/recognitions/${encodeURIComponent(id)}/label`, { ...options, signal }),
    );
  }

  /**
   * Have the server forget image and answer. It's none the worse for having done so already.
   *
   * @param {string} id
   * @returns {Promise<void>} rejects with a Problem
   */
  async remove(id) {
    wanted.forget(id);
    await withPatience((signal) => removeRecord(id, signal));
    tell("remove", id);
  }

  /** @returns {Promise<Example[]>} */
  async examples() {
    const response = await request("examples/");
    return (await response.json()).examples;
  }

  /** @param {Example} example */
  async exampleImage(example) {
    const response = await request(`static/test_digits/${encodeURIComponent(example.name)}.jpg`, {
      headers: { Accept: "image/jpeg" }, // API Gateway sends bytes to those alone who ask for them
    });
    return response.blob();
  }
}

/**
 * @param {Blob} body
 * @param {string} keep the record's id, or nothing
 * @param {AbortSignal} [signal]
 * @returns {Promise<Omit<Answer, "round_trip">>}
 */
async function ask(body, keep, signal) {
  const how = keep ? `store=true&id=${keep}` : "store=false";
  const response = await request(`api/recognitions?${how}&explain=true`, {
    method: "POST",
    // A file may have no type, and the server looks at the bytes anyway.
    headers: { "Content-Type": body.type || "application/octet-stream" },
    body,
    signal,
  });
  return { ...(await response.json()), server_time: readServerTime(response) };
}

/**
 * @param {Response} response
 * @returns {number | null} seconds
 */
function readServerTime(response) {
  const timing = response.headers.get("Server-Timing") ?? "";
  const milliseconds = /\btotal;dur=([\d.]+)/.exec(timing)?.[1];
  return milliseconds ? Number(milliseconds) / 1000 : null;
}

/**
 * Ask, and have the image kept if the answer is still wanted when it comes.
 *
 * Such a question is never broken off: the image may be kept already, and is removed once that's
 * known.
 *
 * @param {Blob} body
 * @param {string} id
 * @param {AbortSignal} signal
 */
function askToKeep(body, id, signal) {
  const answered = askUnder(body, id).then((answer) => {
    if (!answer.stored) tell("remove", answer.id);
    else if (signal.aborted) wanted.comeLate(answer.id);
    return answer;
  });
  /** @type {Promise<never>} */
  const dropped = new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  return Promise.race([answered, dropped]);
}

/**
 * @param {Blob} body
 * @param {string} id or another, where the server won't have it: by its clock, say
 */
async function askUnder(body, id) {
  await removals.get(id);
  tell("ask", id);
  try {
    return await ask(body, id);
  } catch (error) {
    if (!(error instanceof Problem && UNUSABLE.includes(error.type))) throw error;
    tell("remove", id);
    const other = newId();
    tell("ask", other);
    return ask(body, other);
  }
}

/**
 * @param {"ask" | "remove"} what
 * @param {string} id
 */
function tell(what, id) {
  records.dispatchEvent(new CustomEvent(what, { detail: id }));
}

/** @param {string} id a record's that nobody has seen */
function removeUnseen(id) {
  const removal = removeRecord(id)
    .then(() => tell("remove", id))
    .catch((error) => console.error(`The recognition ${id} is still kept.`, error))
    .finally(() => removals.delete(id));
  removals.set(id, removal);
}

/**
 * Have the server forget it. It's none the worse for having done so already.
 *
 * @param {string} id
 * @param {AbortSignal} [signal]
 */
async function removeRecord(id, signal) {
  try {
    await request(`api/recognitions/${encodeURIComponent(id)}`, {
      method: "DELETE",
      keepalive: true, // even while the page is being left
      signal,
    });
  } catch (error) {
    if (!(error instanceof Problem && error.type === "not-found")) throw error;
  }
}

/**
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withPatience(work) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Problem("timeout", "")), PATIENCE);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {string} url
 * @param {RequestInit} [options]
 */
export async function request(url, options) {
  let response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    // All that fetch says of a server that can't be reached is TypeError.
    if (error instanceof TypeError) throw new Problem("unreachable", "");
    throw error;
  }
  followClock(response);
  if (!response.ok) throw await readProblem(response);
  return response;
}

/** @param {Response} response */
async function readProblem(response) {
  const { type, detail } = await response.json().catch(() => ({}));
  // A gateway in between answers errors of its own, in forms of its own.
  const slug = typeof type === "string" ? type.split("/").at(-1) : "";
  return new Problem(
    slug || byStatus(response.status),
    typeof detail === "string" ? detail : "",
    Number.parseInt(response.headers.get("Retry-After") ?? "", 10) || 0,
  );
}

/** @param {number} status */
function byStatus(status) {
  if (status === 413) return "image-too-large";
  if (status === 408) return "request-timeout";
  if (status === 429) return "rate-limited";
  if (status === 502 || status === 503 || status === 504) return "unreachable";
  return status < 500 ? "unexpected" : "internal-error";
}

// @ts-check
import { Problem } from "./client.js";

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./history.js").Entry} Entry */
/** @typedef {import("./history.js").History} History */

/** Milliseconds in which what was deleted can be had back. */
export const GRACE = 10_000;

/**
 * Deletes entries of the history, and what the server has of them: both after a while in which
 * they come back at a word. What the server doesn't let go comes back too.
 *
 * Dispatches `change` when there is more or less to be had back, and `fail` with a Problem as its
 * detail.
 */
export class Eraser extends EventTarget {
  /** @type {Client} */ #client;
  /** @type {History} */ #history;
  /** Keys of what can be had back. */
  /** @type {Set<string>} */ #pending = new Set();
  #timer = 0;

  /**
   * @param {Client} client
   * @param {History} history
   * @param {EventTarget} window dispatches `pagehide`
   */
  constructor(client, history, window) {
    super();
    this.#client = client;
    this.#history = history;
    window.addEventListener("pagehide", () => {
      // Should the server be asked in vain, the next visit asks again: for that an id will do.
      for (const key of this.#pending) this.#history.strip(key);
      this.#erasePending();
    });
    // Another page may have been closed in the middle of it; or be at it, in another tab.
    const left = history.discarded;
    setTimeout(() => this.#erase(left.filter(({ key }) => history.get(key)?.discarded)), GRACE);
  }

  /** How many can be had back. */
  get count() {
    return this.#pending.size;
  }

  /** @param {readonly string[]} keys */
  discard(keys) {
    for (const key of keys) {
      this.#history.update(key, { discarded: true });
      this.#pending.add(key);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#erasePending(), GRACE);
    this.dispatchEvent(new Event("change"));
  }

  undo() {
    clearTimeout(this.#timer);
    for (const key of this.#pending) this.#history.update(key, { discarded: false });
    this.#pending.clear();
    this.dispatchEvent(new Event("change"));
  }

  #erasePending() {
    clearTimeout(this.#timer);
    const entries = this.#history.discarded.filter(({ key }) => this.#pending.has(key));
    this.#pending.clear();
    this.dispatchEvent(new Event("change"));
    return this.#erase(entries);
  }

  /** @param {readonly Entry[]} entries */
  async #erase(entries) {
    const results = await Promise.allSettled(entries.map((entry) => this.#eraseOne(entry)));
    const failed = results.find((result) => result.status === "rejected");
    if (failed) this.dispatchEvent(new CustomEvent("fail", { detail: failed.reason }));
  }

  /** @param {Entry} entry */
  async #eraseOne({ key, answer }) {
    try {
      if (answer.stored) await this.#client.remove(answer.id);
      this.#history.forget(key);
    } catch (error) {
      if (key === answer.id) return; // nobody has deleted that: the next visit tries again
      this.#history.update(key, { discarded: false });
      if (error instanceof Problem) throw error;
      console.error(error);
      throw new Problem("unexpected", "");
    }
  }
}

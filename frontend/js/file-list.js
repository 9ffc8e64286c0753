// @ts-check
import { Client, Problem, isPassing } from "./client.js";
import { toProblem } from "./reading.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./entry.js").Entry} Entry */

/** Questions at once. */
const WORKERS = 2;
/** Seconds that the server may ask to wait before the list goes on by itself. */
const LONGEST_PAUSE = 60;

/**
 * Files that are read one after the other, two at a time. One that can't be read fails alone; a
 * server that can't be reached stops them all, until somebody goes on or the network is back.
 *
 * Dispatches `change` when it begins to run or ends.
 */
export class FileList extends EventTarget {
  /** @type {Entry[]} */ entries = [];
  isRunning = false;
  /** @type {Client[]} */ #clients = [];
  /** Counts what makes answers on their way unwanted. */
  #turn = 0;
  #isCutOff = false;

  /** @param {EventTarget} network dispatches `online` when it's back */
  constructor(network) {
    super();
    network.addEventListener("online", () => {
      if (this.#isCutOff) this.start();
    });
  }

  /** Those that have been read, or can't be. */
  get done() {
    return this.entries.filter((entry) => !entry.isOpen);
  }

  /** @param {Entry[]} entries to be read in this order */
  replace(entries) {
    this.stop();
    for (const entry of this.entries) entry.cancel();
    this.entries = entries;
  }

  /** Read all that has not been read, or might be now. */
  start() {
    this.stop();
    const waiting = this.entries.filter((entry) => entry.isOpen);
    for (const entry of waiting) entry.result = null;
    const turn = this.#turn;
    this.#clients = waiting.slice(0, WORKERS).map(() => new Client());
    this.#run(waiting.length > 0);
    Promise.all(this.#clients.map((client) => this.#work(client, waiting, turn))).then(() => {
      if (turn === this.#turn) this.#run(false);
    });
  }

  /** Ask no more; what has been answered stays. */
  stop() {
    this.#turn += 1;
    this.#isCutOff = false;
    for (const client of this.#clients) client.cancel();
    this.#clients = [];
    for (const entry of this.entries) if (entry.isReading) entry.result = null;
    this.#run(false);
  }

  /**
   * @param {Client} client
   * @param {Entry[]} waiting shared by all who work on it
   * @param {number} turn
   */
  async #work(client, waiting, turn) {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      if (entry.result) continue; // somebody else has asked
      entry.isReading = true;
      const result = await ask(client, entry, () => turn === this.#turn);
      if (turn !== this.#turn) return;
      if (entry.result) continue;
      entry.result = result;
      if (isPassing(result)) {
        // The others would fare no better.
        this.stop();
        this.#isCutOff = true;
        return;
      }
    }
  }

  /** @param {boolean} isRunning */
  #run(isRunning) {
    if (isRunning === this.isRunning) return;
    this.isRunning = isRunning;
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * @param {Client} client
 * @param {Entry} entry
 * @param {() => boolean} isWanted
 * @returns {Promise<Answer | Problem>}
 */
async function ask(client, entry, isWanted) {
  for (;;) {
    try {
      return await client.recognise(entry.image(), { keep: "" });
    } catch (error) {
      if (!isWanted()) return new Problem("request-aborted", "");
      const problem = toProblem(error);
      const { type, pause } = problem;
      if (type !== "rate-limited" || pause === 0 || pause > LONGEST_PAUSE) return problem;
      await new Promise((resolve) => setTimeout(resolve, pause * 1000));
      if (!isWanted()) return problem;
    }
  }
}

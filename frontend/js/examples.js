// @ts-check

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./client.js").Example} Example */

/** The server's example digits. Nothing is asked for before the first is wanted. */
export class Examples {
  /** @type {Client} */ #client;
  /** @type {Promise<Example[]> | null} */ #listed = null;

  /** @param {Client} client */
  constructor(client) {
    this.#client = client;
  }

  /**
   * One of a digit, any of them if there are several.
   * @param {number} digit
   * @returns {Promise<Blob>} its image; rejects with a Problem
   */
  async load(digit) {
    this.#listed ??= this.#client.examples();
    const listed = await this.#listed.catch((error) => {
      this.#listed = null; // the next one may be luckier
      throw error;
    });
    const found = listed.filter((example) => example.digit === digit);
    return this.#client.exampleImage(found[Math.floor(Math.random() * found.length)]);
  }
}

// @ts-check

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./client.js").Example} Example */

/** The server's example digits, in random order. */
export class Examples {
  /** @type {Client} */ #client;
  /** @type {Example[]} */ #listed = [];
  /** @type {Example | undefined} */ #last;

  /** @param {Client} client */
  constructor(client) {
    this.#client = client;
  }

  /**
   * Another one than the last.
   * @returns {Promise<{ image: Blob, name: string }>} rejects with a Problem
   */
  async next() {
    if (this.#listed.length === 0) this.#listed = await this.#client.examples();
    const others = this.#listed.filter((example) => example !== this.#last);
    const example = others[Math.floor(Math.random() * others.length)];
    this.#last = example; // before the image is here: a second click may come sooner
    return { image: await this.#client.exampleImage(example), name: `example ${example.name}` };
  }
}

// @ts-check

/**
 * Records that the server keeps, or is asked to, and that somebody wants: who awaits the answer, or
 * has seen it. By their ids, since one may be asked for again under the same: then what the first
 * question comes to, after all, is not unseen.
 */
export class WantedRecords {
  /** @type {Set<string>} */ #wanted = new Set();
  /** Those of them whose only answer so far came to a question that was given up. */
  /** @type {Set<string>} */ #late = new Set();
  /** @type {(id: string) => void} */ #remove;

  /** @param {(id: string) => void} remove has the server forget one that nobody wants */
  constructor(remove) {
    this.#remove = remove;
  }

  /** Somebody asks for it, and awaits the answer. @param {string} id */
  await(id) {
    this.#wanted.add(id);
  }

  /** Its answer is there, and somebody awaited it. @param {string} id */
  see(id) {
    this.#wanted.add(id);
    this.#late.delete(id);
  }

  /** Its answer is there, and came to a question that was given up. @param {string} id */
  comeLate(id) {
    if (this.#wanted.has(id)) this.#late.add(id);
    else this.#remove(id);
  }

  /** Nobody awaits its answer any more. @param {string} id */
  giveUp(id) {
    this.#wanted.delete(id);
    if (this.#late.delete(id)) this.#remove(id);
  }

  /** It's being removed. @param {string} id */
  forget(id) {
    this.#wanted.delete(id);
    this.#late.delete(id);
  }
}

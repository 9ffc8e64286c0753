// @ts-check
/**
 * What the server keeps for the page, by ids that the page makes before anything is kept: they lead
 * there if no answer comes.
 */

/** Milliseconds that the server's clock is ahead of this one, as far as it's known. */
let lead = 0;

/** @param {Response} response the server's, which tells its time */
export function followClock(response) {
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (date) lead = date - Date.now();
}

/** A UUID of version 7 (RFC 9562): the server's time in milliseconds, and 74 random bits. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const random = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const time = Math.round(Date.now() + lead).toString(16);
  const digits = time.padStart(12, "0") + random.slice(12);
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

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

// @ts-check
import { Problem } from "./client.js";
import { newId } from "./records.js";
import { makeThumbnail } from "./thumbnail.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./history.js").History} History */

/**
 * An answer, and what it is about.
 * @typedef {object} Subject
 * @property {Answer} answer
 * @property {Promise<Blob>} image  as it was asked about
 * @property {Promise<string | null>} key  its entry's in the history, if it has one
 * @property {"drawing" | "picture"} kind
 * @property {string} name
 * @property {string} [keep]  the id under which it was to be kept, while nobody knows whether it is
 */

/** Says to the server which digit it really was. For that the image has to be kept. */
export class Corrections {
  /** @type {Client} */ #client;
  /** @type {History} */ #history;
  /**
   * The last correction of each: a second tap waits, so that the image is kept once and the last
   * digit counts.
   * @type {WeakMap<Subject, Promise<unknown>>}
   */
  #last = new WeakMap();

  /**
   * @param {Client} client
   * @param {History} history
   */
  constructor(client, history) {
    this.#client = client;
    this.#history = history;
  }

  /**
   * @param {Subject} subject its answer is the kept one afterwards
   * @param {number} digit
   * @returns {Promise<void>} rejects with a Problem
   */
  correct(subject, digit) {
    const last = this.#last.get(subject) ?? Promise.resolve();
    const next = last.catch(() => {}).then(() => this.#correct(subject, digit));
    this.#last.set(subject, next);
    return next;
  }

  /**
   * @param {Subject} subject
   * @param {number} digit
   */
  async #correct(subject, digit) {
    const key = await subject.key;
    const entry = key === null ? null : this.#history.get(key);
    if (entry) this.#history.pin(entry.key); // what is drawn meanwhile has an entry of its own
    // The same drawing may have been kept before, by an answer that is no longer shown.
    if (!subject.answer.stored && entry?.answer.stored) subject.answer = entry.answer;
    if (subject.answer.stored) {
      try {
        await this.#client.label(subject.answer.id, digit);
        await this.#note(subject, digit);
        return;
      } catch (error) {
        // It may have expired, or have been deleted elsewhere: then it's kept anew.
        if (!(error instanceof Problem && error.type === "not-found")) throw error;
      }
    }
    await this.#keep(subject);
    await this.#client.label(subject.answer.id, digit);
    await this.#note(subject, digit);
  }

  /** @param {Subject} subject */
  async #keep(subject) {
    subject.keep ||= newId();
    const { id, stored } = await this.#client.keep(await subject.image, subject.keep);
    subject.keep = "";
    if (!stored) throw new Problem("not-kept", "");
    subject.answer = { ...subject.answer, id, stored };
    await this.#note(subject); // whatever becomes of the label, it's known where the image is
  }

  /**
   * @param {Subject} subject
   * @param {number} [label]
   */
  async #note(subject, label) {
    const { image, kind, name } = subject;
    const answer = { ...subject.answer };
    let key = await subject.key;
    if (key === null || !this.#history.get(key)) {
      // No history was wanted, or it was deleted there: nothing else leads to what is kept now.
      const thumbnail = await makeThumbnail(await image, kind);
      key = this.#history.note({ answer, kind, name, image: thumbnail }, null);
      subject.key = Promise.resolve(key);
    }
    this.#history.update(key, label === undefined ? { answer } : { answer, label });
  }
}

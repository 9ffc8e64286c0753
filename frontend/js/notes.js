// @ts-check
import { Problem, records } from "./client.js";
import { NOTHING, makeThumbnail, readThumbnail } from "./thumbnail.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./corrections.js").Subject} Subject */
/** @typedef {import("./history.js").Entry} Entry */
/** @typedef {import("./history.js").History} History */

/**
 * Notes in the history what was read, and knows of each answer afterwards what it was about.
 *
 * A drawing has one entry while it grows, and a file has one.
 */
export class Notes {
  /** @type {History} */ #history;
  /** @type {WeakMap<Answer, Subject>} */ #subjects = new WeakMap();
  /**
   * The drawing on the pad: the key of its entry, and the version that was noted there. What was
   * taken from the history stays there, whatever is drawn over it.
   * @type {{ key: Promise<string | null>, version: unknown, isRecalled: boolean }}
   */
  #drawing = { key: Promise.resolve(null), version: null, isRecalled: false };
  /** @type {string | null} */ #drawingKey = null;

  /** @param {History} history */
  constructor(history) {
    this.#history = history;
    records.addEventListener("ask", (event) => {
      history.expect(/** @type {CustomEvent<string>} */ (event).detail);
    });
    records.addEventListener("remove", (event) => {
      history.release(/** @type {CustomEvent<string>} */ (event).detail);
    });
  }

  /** The key of the drawing's entry; null if it has none, or none yet. */
  get drawingKey() {
    return this.#drawingKey;
  }

  /**
   * Another drawing begins.
   * @param {string | null} [key] of its entry, if it has one already
   * @param {unknown} [version] the one that was noted there
   */
  begin(key = null, version = null) {
    this.#continue({ key: Promise.resolve(key), version, isRecalled: key !== null });
  }

  /**
   * The drawing is the one that the page was left with.
   * @param {string | null} key
   * @param {unknown} version
   */
  resume(key, version) {
    this.#continue({ key: Promise.resolve(key), version, isRecalled: false });
  }

  /**
   * @param {Answer} answer
   * @param {Promise<Blob>} image as it was sent
   * @param {unknown} version of the drawing
   */
  noteDrawing(answer, image, version) {
    const { key: last, version: noted, isRecalled } = this.#drawing;
    const isSame = version === noted;
    const key = this.#note({ answer, kind: "drawing", name: "" }, image, async () => {
      const known = isRecalled && !isSame ? null : await last;
      return { known, isSame: isSame && !answer.stored };
    });
    this.#continue({ key, version, isRecalled: isRecalled && isSame });
  }

  /**
   * @param {Answer} answer
   * @param {Promise<Blob>} image
   * @param {string} name
   */
  noteFile(answer, image, name) {
    if (this.#subjects.has(answer)) return;
    const findNone = async () => ({ known: null, isSame: false });
    this.#note({ answer, kind: "picture", name }, image, findNone);
  }

  /**
   * What an answer is about; null if it was never noted.
   * @param {Answer} answer
   */
  find(answer) {
    return this.#subjects.get(answer) ?? null;
  }

  /**
   * A subject has got another answer: the one that its record has.
   * @param {Subject} subject
   */
  follow(subject) {
    this.#subjects.set(subject.answer, subject);
  }

  /**
   * An entry is shown again.
   * @param {Entry} entry
   * @returns {Blob} its image
   */
  recall({ key, image, answer, kind, name }) {
    const blob = readThumbnail(image);
    const sent =
      image === NOTHING ? Promise.reject(new Problem("file-gone", "")) : Promise.resolve(blob);
    sent.catch(() => {}); // said if anybody wants it
    this.#subjects.set(answer, { answer, image: sent, key: Promise.resolve(key), kind, name });
    return blob;
  }

  /** @param {{ key: Promise<string | null>, version: unknown, isRecalled: boolean }} drawing */
  async #continue(drawing) {
    this.#drawing = drawing;
    const key = await drawing.key;
    if (drawing === this.#drawing) this.#drawingKey = key;
  }

  /**
   * @param {Pick<Entry, "answer" | "kind" | "name">} reading
   * @param {Promise<Blob>} image
   * @param {() => Promise<{ known: string | null, isSame: boolean }>} findLast
   */
  #note(reading, image, findLast) {
    const key = this.#write(reading, image, findLast).catch((error) => {
      console.warn("This can't be noted.", error);
      return null;
    });
    this.#subjects.set(reading.answer, { ...reading, image, key });
    return key;
  }

  /**
   * @param {Pick<Entry, "answer" | "kind" | "name">} reading
   * @param {Promise<Blob>} image
   * @param {() => Promise<{ known: string | null, isSame: boolean }>} findLast
   */
  async #write(reading, image, findLast) {
    const { known, isSame } = await findLast();
    if (isSame && known !== null && this.#history.get(known)) return known;
    const { stored, outcome } = reading.answer;
    // Whatever is stored has an entry, even where no history is wanted: nothing else leads there.
    if (!stored && (!this.#history.keeps || outcome === "blank")) return null;
    const thumbnail = await makeThumbnail(await image, reading.kind);
    return this.#history.note({ ...reading, image: thumbnail }, known);
  }
}

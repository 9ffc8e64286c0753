// @ts-check
import { mayPass, toProblem } from "./reading.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./history.js").Entry} Entry */
/** @typedef {import("./reading.js").Failure} Failure */
/** @typedef {import("./sources.js").Source} Source */

/**
 * What the desk brings together.
 * @typedef {object} Parts
 * @property {Record<string, Source>} sources
 * @property {import("./tabs.js").Tabs} tabs
 * @property {import("./switch.js").Switch} live
 * @property {import("./pad.js").Pad} pad
 * @property {import("./upload.js").Upload} upload
 * @property {import("./reading.js").Reading} reading
 * @property {import("./answer.js").AnswerView} view
 * @property {import("./notes.js").Notes} notes
 * @property {import("./history.js").History} history
 * @property {import("./corrections.js").Corrections} corrections
 */

/** The drawing and the upload, one of them in front; and what is shown of it: the last answer. */
export class Desk {
  /** @type {Parts} */ #parts;
  /** The answer that is on the screen, if there is one. @type {Answer | null} */
  #shown = null;
  /** Counts what makes an image on its way unwanted: another, a stroke, a choice. */
  #turn = 0;
  /** Ids of records that were deleted since the page was opened, or are on their way out. */
  /** @type {Set<string>} */ #deleted = new Set();

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** The one in front. */
  get source() {
    return this.#parts.sources[this.#parts.tabs.selected];
  }

  /** Whatever was under way is no longer wanted. */
  interrupt() {
    for (const { cut } of Object.values(this.#parts.sources)) cut.show(null);
    this.#turn += 1;
    this.#parts.reading.cancel();
  }

  /** @param {string} name of the source that was cleared */
  forget(name) {
    this.interrupt();
    if (name === "draw") this.#parts.notes.begin();
    this.#parts.sources[name].result = null;
    this.show(null);
  }

  /** What lies on the pad has become another drawing. */
  followDrawing() {
    const { sources, tabs, live, pad, reading, view } = this.#parts;
    const isInFront = tabs.selected === "draw";
    if (pad.isEmpty) {
      this.forget("draw");
    } else if (!live.isOn) {
      sources.draw.result = null;
      if (isInFront) {
        reading.cancel();
        this.showOrAsk();
      }
    } else if (isInFront && reading.soon(pad.version)) {
      sources.draw.result = null;
      view.showStale();
    }
  }

  /** What is in front has an answer, or is to have one. */
  showOrAsk() {
    const { tabs, live, upload, reading, view } = this.#parts;
    const { result, isEmpty } = this.source;
    if (tabs.selected === "upload" && upload.isBusy) {
      view.showWaiting();
    } else if (result || isEmpty() || !live.isOn) {
      this.show(result);
      if (!result || !("problem" in result) || !this.#isAskable(result)) return;
      if (live.isOn || result.keep) reading.again(result);
    } else {
      reading.now();
    }
  }

  /** Somebody wants it read now, and kept. */
  recognise() {
    const { tabs, upload, reading, view } = this.#parts;
    const isDrawing = tabs.selected === "draw";
    // What is too large for a question is uploaded, which keeps it as well.
    if (!isDrawing && upload.upload()) return;
    if (isDrawing && this.source.isEmpty()) view.showNothing();
    else reading.now({ keep: true });
  }

  /** Ask once more what failed, as it was asked. */
  askAgain() {
    const { result } = this.source;
    if (result && "problem" in result) this.#parts.reading.again({ ...result, again: "never" });
  }

  /**
   * Whether what failed may be asked about again.
   * @param {Failure} failure of what is in front
   */
  #isAskable({ problem }) {
    const { tabs, upload } = this.#parts;
    return (tabs.selected === "draw" || !upload.needsUpload) && mayPass(problem);
  }

  /** Live was switched: what nobody has asked for is asked now, or no more. */
  followLive() {
    const { sources, live, upload, reading } = this.#parts;
    if (live.isOn) upload.start();
    else upload.stop();
    for (const source of live.isOn ? [] : Object.values(sources)) {
      const { result } = source;
      const isUnasked = result && "problem" in result && mayPass(result.problem) && !result.keep;
      if (isUnasked) source.result = null;
    }
    if (reading.isKeeping) return;
    reading.cancel();
    this.showOrAsk();
  }

  /** @param {Source["result"]} result of what is in front */
  take(result) {
    this.source.result = result;
    this.show(result);
  }

  /**
   * @param {Source["result"]} result
   * @param {boolean} [isAsked] whether it's what a question came to
   */
  show(result, isAsked = true) {
    const { live, view } = this.#parts;
    this.#shown = result && "outcome" in result ? result : null;
    this.source.cut.show(result && "box" in result ? result.box : null);
    if (result === null && live.isOn) view.showEmpty();
    else if (result === null) view.showUnasked();
    else if ("problem" in result) view.showProblem(result, isAsked && this.#isAskable(result));
    else view.showAnswer(result);
    this.#showKept();
  }

  /**
   * @param {() => Promise<Blob>} load
   * @param {string} name
   */
  async showExample(load, name) {
    let mine = (this.#turn += 1);
    const { source } = this;
    try {
      const image = await load();
      if (mine !== this.#turn) return;
      this.interrupt(); // not before: of one that never comes, nothing changes
      mine = this.#turn;
      if (source === this.#parts.sources.draw) this.#parts.notes.begin();
      await source.show(image, name);
    } catch (error) {
      if (mine !== this.#turn) return;
      this.show({ problem: toProblem(error), again: "never", keep: "" }, false);
    }
  }

  /**
   * What was read before, with its answer: nobody is asked again.
   *
   * @param {Entry} entry
   * @returns {Promise<boolean>} whether nothing came between
   */
  async showEntry(entry) {
    this.interrupt();
    const mine = this.#turn;
    const { sources, tabs, pad, upload, view, notes } = this.#parts;
    const { answer, kind, key, label } = entry;
    // Of an upload a small copy: it's that one which is sent if it's corrected now.
    const image = notes.recall(entry);
    if (kind === "drawing") {
      const bitmap = await createImageBitmap(image);
      if (mine !== this.#turn) return false;
      pad.paint(bitmap);
      this.interrupt(); // what was painted is not asked about
      notes.begin(key, pad.version);
      sources.draw.result = answer;
      if (tabs.selected === "draw") this.show(answer);
      else tabs.select("draw");
    } else {
      upload.show(image, entry.name, answer);
    }
    if (label !== null) view.showCorrected(label);
    return true;
  }

  /**
   * It is another digit, or it's the right one. What is said goes to the answer that is on the
   * screen, even while the next is on its way.
   *
   * @param {number} digit
   * @returns {Promise<boolean>} false where it failed and what it was said of is no longer shown
   */
  async correct(digit) {
    const { view, notes, corrections } = this.#parts;
    const answer = this.#shown;
    const subject = answer && notes.find(answer);
    if (!subject) return true;
    try {
      await corrections.correct(subject, digit);
      if (answer !== this.#shown) return true;
      notes.follow(subject);
      this.take(subject.answer);
      view.showCorrected(digit);
    } catch (error) {
      toProblem(error); // what nobody expected is in the console
      if (answer !== this.#shown) return false;
      view.showCorrectionFailed();
    }
    return true;
  }

  /** Something was deleted, or had back: here, or in another tab. */
  followHistory() {
    const { entries, discarded } = this.#parts.history;
    for (const { answer } of discarded) this.#deleted.add(answer.id);
    for (const { answer } of entries) this.#deleted.delete(answer.id);
    this.#showKept();
  }

  #showKept() {
    const { id, stored } = this.#shown ?? { id: "", stored: false };
    this.#parts.view.showKept(stored && !this.#deleted.has(id));
  }
}

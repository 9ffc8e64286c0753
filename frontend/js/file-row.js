// @ts-check
import { Problem } from "./client.js";
import { describeAnswer, describeProblem, percent } from "./words.js";

/** @typedef {import("./entry.js").Entry} Entry */
/** @typedef {import("./language.js").Language} Language */

/** Pixels of a thumbnail's side: twice its size on the page, for sharp screens. */
const SIDE = 88;

/**
 * One file in the list: a thumbnail, its name, what it turned out to be. Its element's `data-state`
 * is `waiting`, `reading`, `problem` or the answer's outcome.
 */
export class FileRow {
  /** @type {Language} */ #language;
  /** @type {Record<"name" | "words" | "figure", HTMLElement>} */ #parts;
  /** @type {HTMLCanvasElement} */ #thumbnail;
  #isDrawn = false;

  /**
   * @param {Document} document
   * @param {Entry} entry
   * @param {Language} language
   */
  constructor(document, entry, language) {
    this.entry = entry;
    this.#language = language;
    this.element = document.createElement("li");
    this.element.setAttribute("role", "option");
    this.#thumbnail = document.createElement("canvas");
    this.#thumbnail.width = SIDE;
    this.#thumbnail.height = SIDE;
    const [name, words, figure] = ["name", "words", "figure"].map((part) => {
      const element = document.createElement("span");
      element.className = part;
      return element;
    });
    this.#parts = { name, words, figure };
    name.textContent = entry.name;
    name.title = entry.name;
    figure.setAttribute("aria-hidden", "true"); // the words say it
    this.element.append(this.#thumbnail, name, " ", words, figure);
    entry.addEventListener("change", this.render);
    this.render();
  }

  forget() {
    this.entry.removeEventListener("change", this.render);
  }

  render = () => {
    const { entry } = this;
    const { result } = entry;
    if (entry.isReading || result) this.#draw();
    const { list } = this.#language.strings.upload;
    if (result instanceof Problem) {
      this.#show("problem", describeProblem(result, this.#language).title, "");
    } else if (result) {
      const { outcome, digit, confidence } = result;
      const { title } = describeAnswer(result, this.#language);
      const share = percent(confidence, this.#language.locale);
      this.#show(outcome, outcome === "digit" ? `${title}, ${share}` : title, String(digit ?? ""));
    } else {
      const isReading = entry.isReading || entry.isUploading;
      this.#show(isReading ? "reading" : "waiting", isReading ? list.reading : list.waiting, "");
    }
  };

  /**
   * @param {string} state
   * @param {string} words
   * @param {string} figure
   */
  #show(state, words, figure) {
    this.element.dataset.state = state;
    this.#parts.words.textContent = words;
    this.#parts.figure.textContent = figure;
  }

  /** Once, when its turn comes: fifty photos at once would be too many for a phone. */
  async #draw() {
    if (this.#isDrawn) return;
    this.#isDrawn = true;
    try {
      const { blob, width, height } = await this.entry.photo();
      if (width === 0) return;
      const [w, h] = [width, height].map((length) =>
        Math.max(1, Math.round((length * SIDE) / Math.max(width, height))),
      );
      const bitmap = await createImageBitmap(blob, {
        imageOrientation: "from-image",
        resizeWidth: w,
        resizeHeight: h,
        resizeQuality: "medium",
      });
      const context = this.#thumbnail.getContext("2d");
      context?.drawImage(bitmap, (SIDE - w) / 2, (SIDE - h) / 2, w, h);
      bitmap.close();
    } catch {
      // Then there is none to see.
    }
  }
}

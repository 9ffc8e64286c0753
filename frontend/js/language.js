// @ts-check
import { recall, remember } from "./memory.js";
import en from "./strings/en.js";

/**
 * All that the page says, by its rooms: texts, and functions that make them.
 * @typedef {typeof en} Strings
 */

/**
 * The languages by their codes. English is always there, for when another one can't be loaded.
 * @type {Record<string, { locale: string, load: () => Promise<{ default: Strings }> }>}
 */
const LANGUAGES = {
  en: { locale: "en", load: async () => ({ default: en }) },
  ru: { locale: "ru", load: () => import("./strings/ru.js") },
  fr: { locale: "fr", load: () => import("./strings/fr.js") },
  zh: { locale: "zh-Hans", load: () => import("./strings/zh.js") },
};

/** Where the choice is remembered. */
const KEY = "inkling.language";

/**
 * The language that the page speaks. Dispatches `change` when it is another one.
 *
 * It begins with English, as the page is written: nobody waits for words before drawing. Texts in
 * the markup that name their string in `data-text`, and labels that do in `data-label`, follow by
 * themselves; who makes text reads `strings` each time, and makes it again at `change`.
 */
export class Language extends EventTarget {
  /** @type {HTMLElement} */ #root;
  #wanted = "en";
  code = "en";
  /** @type {Strings} */ strings = en;

  /** @param {HTMLElement} root the document's element */
  constructor(root) {
    super();
    this.#root = root;
  }

  /** For Intl, and for `lang`. */
  get locale() {
    return LANGUAGES[this.code].locale;
  }

  /**
   * Speak the language that was chosen before, or the first of the browser's own that is here.
   * @param {readonly string[]} preferred the browser's, most wanted first
   */
  async start(preferred) {
    const codes = [recall(KEY) ?? "", ...preferred.map(codeOf)];
    await this.#speak(codes.find(isKnown) ?? "en");
  }

  /**
   * Speak a language, and remember it.
   * @param {string} code of a language that is here
   */
  async select(code) {
    remember(KEY, code);
    await this.#speak(code);
  }

  /** @param {string} code */
  async #speak(code) {
    this.#wanted = code;
    try {
      const { default: strings } = await LANGUAGES[code].load();
      if (code !== this.#wanted || code === this.code) return; // another choice was quicker
      this.code = code;
      this.strings = strings;
      this.#fill();
    } catch (error) {
      console.error(`The language ${code} can't be loaded.`, error);
    }
    // Even of a failure: whatever shows the choice has to go back.
    this.dispatchEvent(new Event("change"));
  }

  #fill() {
    this.#root.lang = this.locale;
    for (const element of this.#root.querySelectorAll("[data-text]")) {
      element.textContent = this.#find(element.getAttribute("data-text"));
    }
    for (const element of this.#root.querySelectorAll("[data-label]")) {
      element.setAttribute("aria-label", this.#find(element.getAttribute("data-label")));
    }
  }

  /**
   * @param {string | null} name as in `draw.hint`
   * @returns {string}
   */
  #find(name) {
    const [room, key] = (name ?? "").split(".");
    /** @type {Record<string, Record<string, unknown>>} */
    const rooms = this.strings;
    const text = rooms[room]?.[key];
    if (typeof text !== "string") throw new Error(`No string is named ${name}.`);
    return text;
  }
}

/** @param {string} tag a language with its region and script, perhaps */
function codeOf(tag) {
  return tag.split("-")[0].toLowerCase();
}

/** @param {string} code */
function isKnown(code) {
  return Object.hasOwn(LANGUAGES, code);
}

// @ts-check
import { toProblem } from "./reading.js";

/** @typedef {import("./entry.js").Entry} Entry */
/** @typedef {import("./language.js").Language} Language */

/**
 * Offers to upload what is too large for a question, shows how far it is, and offers to have it
 * forgotten. Its root's `data-state` is `offer`, `sending`, `reading` or `kept`.
 */
export class LargeUpload {
  /** @type {HTMLElement} */ #root;
  /** @type {Language} */ #language;
  /** @type {HTMLElement} */ #text;
  /** @type {HTMLProgressElement} */ #progress;
  /** @type {HTMLButtonElement} */ #button;
  /** @type {Entry | null} */ #entry = null;
  /** @type {import("./client.js").Problem | null} */ #failure = null;

  /**
   * @param {HTMLElement} root holds a paragraph, a progress bar and a button
   * @param {Language} language
   */
  constructor(root, language) {
    this.#root = root;
    this.#language = language;
    this.#text = /** @type {HTMLElement} */ (root.querySelector("p"));
    this.#progress = /** @type {HTMLProgressElement} */ (root.querySelector("progress"));
    this.#button = /** @type {HTMLButtonElement} */ (root.querySelector("button"));
    this.#button.addEventListener("click", () => this.#act());
    language.addEventListener("change", this.#render);
  }

  /** @param {Entry | null} entry */
  show(entry) {
    this.#entry?.removeEventListener("change", this.#render);
    this.#entry = entry;
    this.#failure = null;
    entry?.addEventListener("change", this.#render);
    this.#render();
  }

  /** @returns {"" | "offer" | "sending" | "reading" | "kept"} */
  get #state() {
    const entry = this.#entry;
    if (entry?.isUploadable) return "offer";
    if (entry?.isUploading) return entry.share < 1 ? "sending" : "reading";
    return entry?.isUploaded ? "kept" : "";
  }

  #render = () => {
    const entry = this.#entry;
    const state = this.#state;
    this.#root.hidden = state === "";
    this.#root.dataset.state = state;
    if (!entry || state === "") return;
    const { locale, strings } = this.#language;
    const { large } = strings.upload;
    const texts = {
      offer: () => large.offer(megabytes(entry.size, locale)),
      sending: () => large.sending(percent(entry.share, locale)),
      reading: () => large.reading,
      kept: () => (this.#failure ? large.unremoved : large.kept),
    };
    const labels = {
      offer: large.upload,
      sending: large.cancel,
      reading: large.cancel,
      kept: large.remove,
    };
    this.#text.textContent = texts[state]();
    this.#button.textContent = labels[state];
    this.#progress.hidden = !entry.isUploading;
    this.#progress.value = entry.share;
    this.#progress.ariaLabel = large.progress;
  };

  async #act() {
    const entry = this.#entry;
    if (entry?.isUploading) entry.cancel();
    else if (entry?.isUploaded) await this.#remove(entry);
    else entry?.upload();
  }

  /** @param {Entry} entry */
  async #remove(entry) {
    this.#button.disabled = true;
    this.#failure = await entry.remove().then(() => null, toProblem);
    this.#button.disabled = false;
    this.#render();
  }
}

/**
 * @param {number} bytes
 * @param {string} locale
 */
function megabytes(bytes, locale) {
  const format = new Intl.NumberFormat(locale, {
    style: "unit",
    unit: "megabyte",
    maximumFractionDigits: 1,
  });
  return format.format(bytes / 1e6);
}

/**
 * @param {number} share
 * @param {string} locale
 */
function percent(share, locale) {
  return new Intl.NumberFormat(locale, { style: "percent" }).format(share);
}

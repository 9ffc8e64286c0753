// @ts-check

/** @typedef {import("./language.js").Language} Language */

/** A note that there is no network, for as long as the browser says so. */
export class NetworkNote {
  /** @type {HTMLElement} */ #note;
  /** @type {Language} */ #language;
  #isOnline = navigator.onLine;

  /**
   * @param {HTMLElement} note
   * @param {EventTarget} network dispatches `online` and `offline`
   * @param {Language} language
   */
  constructor(note, network, language) {
    this.#note = note;
    this.#language = language;
    for (const event of ["online", "offline"]) {
      network.addEventListener(event, () => {
        this.#isOnline = navigator.onLine;
        this.#show();
      });
    }
    language.addEventListener("change", () => this.#show());
    this.#show();
  }

  /** An answer has come: from a server on the same machine, without any network. */
  refute() {
    this.#isOnline = true;
    this.#show();
  }

  #show() {
    const words = this.#isOnline ? "" : this.#language.strings.network.offlineNote;
    if (this.#note.textContent !== words) this.#note.textContent = words;
  }
}

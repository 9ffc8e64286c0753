// @ts-check
import { recall, remember } from "./memory.js";

/** A button of the role `switch`, which remembers how it was left. Dispatches `change`. */
export class Switch extends EventTarget {
  /** @type {HTMLElement} */ #button;
  /** @type {string} */ #key;

  /**
   * @param {HTMLElement} button on, until somebody has switched it off
   * @param {string} key to remember by
   */
  constructor(button, key) {
    super();
    this.#button = button;
    this.#key = key;
    this.#set(recall(key) !== "off");
    button.addEventListener("click", () => {
      this.#set(!this.isOn);
      remember(this.#key, this.isOn ? "" : "off");
      this.dispatchEvent(new Event("change"));
    });
  }

  get isOn() {
    return this.#button.getAttribute("aria-checked") === "true";
  }

  /** @param {boolean} isOn */
  #set(isOn) {
    this.#button.setAttribute("aria-checked", String(isOn));
  }
}

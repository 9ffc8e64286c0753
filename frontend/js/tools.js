// @ts-check
import { recall, remember } from "./memory.js";

/** @typedef {import("./language.js").Language} Language */

/** Where the pen's size is remembered. */
const PEN = "inkling.pen";

/**
 * The tools below the sheet, and the keys that do the same. Dispatches `undo`, `redo`, `clear` and
 * `recognise`, and `pen` when another size of it is chosen.
 */
export class Tools extends EventTarget {
  /** @type {HTMLElement} */ #root;
  /** @type {HTMLElement} */ #pad;
  /** @type {HTMLButtonElement[]} */ #buttons;
  /** @type {HTMLInputElement[]} */ #pens;
  #draws = true;

  /** The chosen pen's size. */
  pen = "";

  /**
   * @param {HTMLElement} root holds a button for each `data-action`, and a radio group of pens
   * @param {HTMLElement} pad
   * @param {Language} language
   */
  constructor(root, pad, language) {
    super();
    this.#root = root;
    this.#pad = pad;
    this.#buttons = [...root.querySelectorAll("button")];
    this.#pens = [...root.querySelectorAll("input")];
    for (const button of this.#buttons) {
      button.addEventListener("click", () => this.#act(button.dataset.action ?? ""));
    }
    for (const pen of this.#pens) {
      pen.addEventListener("change", () => this.#choosePen(pen));
      pen.addEventListener("click", () => this.#turnPen(pen));
    }
    const remembered = recall(PEN);
    const pen = this.#pens.find((each) => each.value === remembered);
    this.#choosePen(pen ?? this.#pens[1]);
    pad.ownerDocument.addEventListener("keydown", (event) => this.#press(event));
    language.addEventListener("change", () => this.#nameTips());
    this.#nameTips();
  }

  /**
   * Tell what can be done now. An image has no strokes to take back, nor a pen.
   * @param {{ undo: boolean, redo: boolean, draws: boolean }} possible
   */
  update({ draws, ...possible }) {
    this.#draws = draws;
    this.#nameTips();
    for (const [action, isPossible] of Object.entries(possible)) {
      // Not `disabled`, which would take the focus from who has just undone all.
      const button = this.#button(action);
      button?.setAttribute("aria-disabled", String(!isPossible));
      button?.toggleAttribute("hidden", !draws);
    }
    for (const pens of this.#root.querySelectorAll(".pens")) pens.toggleAttribute("hidden", !draws);
  }

  /** @param {string} action */
  #act(action) {
    if (this.#button(action)?.getAttribute("aria-disabled") === "true") return;
    this.dispatchEvent(new Event(action));
  }

  /** @param {HTMLInputElement} pen */
  #choosePen(pen) {
    pen.checked = true;
    this.pen = pen.value;
    remember(PEN, this.pen);
    this.dispatchEvent(new Event("pen"));
  }

  /**
   * Where there is room for the chosen one alone, choosing it again means the next.
   * @param {HTMLInputElement} pen
   */
  #turnPen(pen) {
    if (pen.value !== this.pen) return;
    const next = this.#pens[(this.#pens.indexOf(pen) + 1) % this.#pens.length];
    if (/** @type {HTMLElement} */ (next.parentElement).offsetWidth > 1) return;
    next.focus();
    this.#choosePen(next);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.defaultPrevented || event.altKey || target.closest("select, textarea, dialog")) return;
    const action =
      event.ctrlKey || event.metaKey
        ? { z: event.shiftKey ? "redo" : "undo", y: "redo" }[event.key.toLowerCase()]
        : { Delete: "clear", Backspace: "clear", Enter: "recognise" }[event.key];
    if (!action) return;
    // Every other element has an Enter and a Delete of its own.
    const isOurs = target === this.#pad || target === this.#pad.ownerDocument.body;
    if (!isOurs && (action === "clear" || action === "recognise")) return;
    if (action === "clear" && !this.#draws) return; // nobody could undo that
    event.preventDefault();
    this.#act(action);
  }

  /** A button's tip is its name and its keys. */
  #nameTips() {
    const command = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl+";
    /** @type {Record<string, string>} */
    const keys = { undo: `${command}Z`, redo: `${command}Y`, clear: "Del" };
    for (const button of this.#buttons) {
      const { action = "" } = button.dataset;
      if (!keys[action]) continue;
      button.title = `${button.ariaLabel}${this.#draws ? ` (${keys[action]})` : ""}`;
    }
    const clear = this.#button("clear");
    if (clear) clear.ariaKeyShortcuts = this.#draws ? "Delete Backspace" : null;
    for (const pen of this.#pens) {
      /** @type {HTMLElement} */ (pen.parentElement).title = pen.ariaLabel ?? "";
    }
  }

  /** @param {string} action */
  #button(action) {
    return this.#buttons.find((button) => button.dataset.action === action);
  }
}

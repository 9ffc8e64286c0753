// @ts-check

/** @typedef {import("./language.js").Language} Language */
/** @typedef {import("./pad.js").Pad} Pad */

/** How far a key moves the pen, and how far with Shift, as shares of the sheet's side. */
const STEP = 0.02;
const LONG_STEP = 0.1;

/** @type {Record<string, [number, number]>} */
const DIRECTIONS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * A pen for who has no pointer: arrows move it, two at once aslant, and Space puts it down and
 * lifts it. It says in few words where it is. Its root has `data-keys` while keys draw there.
 */
export class KeyboardPen {
  /** @type {HTMLElement} */ #root;
  /** @type {HTMLElement} */ #nib;
  /** @type {Pad} */ #pad;
  /** @type {Language} */ #language;
  /** @type {Set<string>} the arrows that are held */ #held = new Set();
  #x = 0.5;
  #y = 0.5;
  /** Whether the focus came, or will, by a pointer. */
  #isPointed = false;

  /** Whether it draws. */
  isDown = false;

  /**
   * @param {HTMLElement} root holds the canvas that takes the keys, and a `nib`
   * @param {Pad} pad
   * @param {Language} language
   */
  constructor(root, pad, language) {
    this.#root = root;
    this.#nib = /** @type {HTMLElement} */ (root.querySelector(".nib"));
    this.#pad = pad;
    this.#language = language;
    const canvas = /** @type {HTMLElement} */ (root.querySelector("canvas"));
    canvas.addEventListener("keydown", (event) => this.#press(event));
    canvas.addEventListener("keyup", (event) => this.#held.delete(event.key));
    canvas.addEventListener("focus", () => {
      if (!this.#isPointed) this.#show();
    });
    canvas.addEventListener("blur", () => {
      this.#isPointed = false;
      this.#leave();
    });
    // Before the pad has it: another hand begins another stroke.
    root.addEventListener(
      "pointerdown",
      () => {
        this.#isPointed = true;
        this.#leave();
      },
      { capture: true },
    );
    pad.addEventListener("change", () => {
      this.isDown = false; // whatever it was that ended the stroke
      this.#place();
    });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") {
      event.preventDefault(); // which would scroll
      if (!event.repeat) this.#turn(event);
    } else if (event.key in DIRECTIONS) {
      event.preventDefault();
      this.#held.add(event.key);
      this.#move(event);
    }
  }

  /** @param {KeyboardEvent} event */
  #turn(event) {
    if (this.isDown) {
      this.#pad.lift();
    } else {
      this.isDown = true;
      this.#draw(event);
    }
    this.#show();
    const { penDown, penUp } = this.#language.strings.draw;
    this.#say(`${this.isDown ? penDown : penUp}, ${this.#whereabouts}`);
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const before = this.#whereabouts;
    const step = event.shiftKey ? LONG_STEP : STEP;
    for (const key of this.#held) {
      const [dx, dy] = DIRECTIONS[key];
      this.#x = Math.min(1, Math.max(0, this.#x + dx * step));
      this.#y = Math.min(1, Math.max(0, this.#y + dy * step));
    }
    if (this.isDown) this.#draw(event);
    this.#show();
    if (this.#whereabouts !== before) this.#say(this.#whereabouts);
  }

  /** @param {KeyboardEvent} event */
  #draw(event) {
    this.#pad.press([{ x: this.#x, y: this.#y, time: event.timeStamp, pressure: null }]);
  }

  #show() {
    this.#root.toggleAttribute("data-keys", true);
    this.#place();
  }

  #leave() {
    if (this.isDown) this.#pad.lift();
    this.#held.clear();
    this.#root.removeAttribute("data-keys");
  }

  #place() {
    this.#nib.classList.toggle("down", this.isDown);
    this.#nib.style.setProperty("--x", String(this.#x));
    this.#nib.style.setProperty("--y", String(this.#y));
  }

  /** Which ninth of the sheet it is in, in words. */
  get #whereabouts() {
    const [column, row] = [this.#x, this.#y].map((share) => Math.min(2, Math.floor(share * 3)));
    return this.#language.strings.draw.places[3 * row + column];
  }

  /** @param {string} words */
  #say(words) {
    /** @type {HTMLElement} */ (this.#root.querySelector("[aria-live]")).textContent = words;
  }
}

// @ts-check

/** @typedef {import("./language.js").Language} Language */

const SVG = "http://www.w3.org/2000/svg";

/**
 * The ten digits to try, each as its example's own strokes: all of them are a fiftieth of what
 * their images weigh, and sharp in any colour. Dispatches `choose`, whose `detail` is the digit.
 */
export class ExamplesView extends EventTarget {
  /** @type {Language} */ #language;
  /** @type {HTMLButtonElement[]} */ #buttons;

  /**
   * @param {HTMLElement} list to be filled
   * @param {Language} language
   */
  constructor(list, language) {
    super();
    this.#language = language;
    this.#buttons = Array.from({ length: 10 }, (_, digit) => this.#add(list, digit));
    this.#name();
    language.addEventListener("change", () => this.#name());
  }

  #name() {
    const { name } = this.#language.strings.examples;
    this.#buttons.forEach((button, digit) => {
      button.setAttribute("aria-label", name(digit));
    });
  }

  /**
   * @param {HTMLElement} list
   * @param {number} digit
   */
  #add(list, digit) {
    const page = list.ownerDocument;
    const [item, button] = [page.createElement("li"), page.createElement("button")];
    const [drawing, use] = [page.createElementNS(SVG, "svg"), page.createElementNS(SVG, "use")];
    use.setAttribute("href", `digits.svg#digit-${digit}`);
    drawing.setAttribute("aria-hidden", "true");
    drawing.append(use);
    button.type = "button";
    button.append(drawing);
    button.addEventListener("click", () => {
      this.dispatchEvent(new CustomEvent("choose", { detail: digit }));
    });
    item.append(button);
    list.append(item);
    return button;
  }
}

// @ts-check

/**
 * A tab list and its panels, by the WAI-ARIA pattern: arrows, Home and End move and select.
 * Dispatches `select`.
 */
export class Tabs extends EventTarget {
  /** @type {HTMLElement[]} */ #tabs;
  /** @type {HTMLElement[]} */ #panels;

  /**
   * @param {HTMLElement} list its `role="tab"` elements name a panel each in `aria-controls`
   * @param {HTMLElement[]} panels in any order
   */
  constructor(list, panels) {
    super();
    this.#tabs = [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[role=tab]"))];
    this.#panels = panels;
    for (const tab of this.#tabs) {
      tab.addEventListener("click", () => this.select(panelOf(tab)));
      tab.addEventListener("keydown", (event) => this.#move(event));
    }
  }

  /** The id of the panel that is shown. */
  get selected() {
    const tab = this.#tabs.find((tab) => tab.getAttribute("aria-selected") === "true");
    return tab ? panelOf(tab) : "";
  }

  /** @param {string} panel its id */
  select(panel) {
    if (panel === this.selected) return;
    for (const tab of this.#tabs) {
      const chosen = panelOf(tab) === panel;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    for (const element of this.#panels) element.hidden = element.id !== panel;
    this.dispatchEvent(new Event("select"));
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const count = this.#tabs.length;
    const current = this.#tabs.indexOf(/** @type {HTMLElement} */ (event.currentTarget));
    /** @type {Record<string, number>} */
    const targets = {
      ArrowLeft: (current + count - 1) % count,
      ArrowRight: (current + 1) % count,
      Home: 0,
      End: count - 1,
    };
    const target = this.#tabs[targets[event.key]];
    if (!target) return;
    event.preventDefault();
    target.focus();
    this.select(panelOf(target));
  }
}

/** @param {HTMLElement} tab */
function panelOf(tab) {
  return tab.getAttribute("aria-controls") ?? "";
}

// @ts-check
import { Problem } from "./client.js";
import { FileRow } from "./file-row.js";

/** @typedef {import("./entry.js").Entry} Entry */
/** @typedef {import("./file-list.js").FileList} FileList */
/** @typedef {import("./language.js").Language} Language */

/**
 * Files with what they turned out to be: a list box of which one is selected, how far the reading
 * is, and a button that stops it and goes on. Dispatches `select`.
 */
export class FileListView extends EventTarget {
  /** @type {HTMLElement} */ #root;
  /** @type {FileList} */ #list;
  /** @type {Language} */ #language;
  /** @type {FileRow[]} */ #rows = [];
  #selected = 0;

  /**
   * @param {HTMLElement} root holds an element for each `data-part`; hidden while there is no list
   * @param {FileList} list
   * @param {Language} language
   */
  constructor(root, list, language) {
    super();
    this.#root = root;
    this.#list = list;
    this.#language = language;
    list.addEventListener("change", () => this.#report());
    language.addEventListener("change", () => this.#render());
    this.#part("list").addEventListener("keydown", (event) => this.#move(event));
    this.#part("toggle").addEventListener("click", () => {
      if (list.isRunning) list.stop();
      else list.start();
    });
  }

  /** The entry that is selected, or null. */
  get selected() {
    return this.#rows[this.#selected]?.entry ?? null;
  }

  /** @param {Entry[]} entries none for no list */
  show(entries) {
    for (const row of this.#rows) row.forget();
    this.#selected = 0;
    this.#rows = entries.map((entry, i) => {
      const row = new FileRow(this.#root.ownerDocument, entry, this.#language);
      row.element.addEventListener("click", () => this.#select(i));
      entry.addEventListener("change", () => this.#count());
      return row;
    });
    this.#part("list").replaceChildren(...this.#rows.map(({ element }) => element));
    this.#root.hidden = entries.length === 0;
    this.#part("announcement").textContent = "";
    this.#mark();
    this.#count();
  }

  /** @param {number} index */
  #select(index) {
    this.#rows[index].element.focus();
    if (index === this.#selected) return;
    this.#selected = index;
    this.#mark();
    this.dispatchEvent(new Event("select"));
  }

  #mark() {
    this.#rows.forEach(({ element }, i) => {
      element.setAttribute("aria-selected", String(i === this.#selected));
      element.tabIndex = i === this.#selected ? 0 : -1;
    });
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const last = this.#rows.length - 1;
    const columns = this.#columns;
    /** @type {Record<string, number>} */
    const targets = {
      ArrowLeft: this.#selected - 1,
      ArrowRight: this.#selected + 1,
      ArrowUp: this.#selected - columns,
      ArrowDown: this.#selected + columns,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.#select(Math.min(last, Math.max(0, target)));
  }

  /** How many rows stand side by side. */
  get #columns() {
    const [first] = this.#rows;
    const next = this.#rows.findIndex(
      ({ element }) => element.offsetTop > first.element.offsetTop + 1,
    );
    return next < 0 ? 1 : next;
  }

  #render() {
    for (const row of this.#rows) row.render();
    this.#count();
  }

  #count() {
    const { isRunning, entries, done } = this.#list;
    const { list } = this.#language.strings.upload;
    this.#part("count").textContent = this.#summary();
    const toggle = this.#part("toggle");
    toggle.hidden = !isRunning && done.length === entries.length;
    toggle.textContent = isRunning ? list.stop : list.goOn;
    this.#root.setAttribute("aria-busy", String(isRunning));
  }

  /** Only the end is announced: fifty answers one by one would say nothing. */
  #report() {
    this.#count();
    this.#part("announcement").textContent = this.#list.isRunning ? "" : this.#summary();
  }

  #summary() {
    const { list } = this.#language.strings.upload;
    const { entries } = this.#list;
    const read = entries.filter(({ result }) => result && !(result instanceof Problem)).length;
    const failed = entries.filter(
      ({ result, isUploadable }) => result instanceof Problem && !isUploadable,
    ).length;
    const summary = list.count(read, entries.length);
    return failed > 0 ? `${summary}${list.and}${list.failed(failed)}` : summary;
  }

  /**
   * @param {string} name
   * @returns {HTMLElement}
   */
  #part(name) {
    const part = this.#root.querySelector(`[data-part="${name}"]`);
    if (!part) throw new Error(`The list of files has no part named ${name}.`);
    return /** @type {HTMLElement} */ (part);
  }
}

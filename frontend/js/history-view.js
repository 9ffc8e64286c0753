// @ts-check

/** @typedef {import("./eraser.js").Eraser} Eraser */
/** @typedef {import("./history.js").Entry} Entry */
/** @typedef {import("./history.js").History} History */
/** @typedef {import("./language.js").Language} Language */

/** Entries that are shown until somebody asks for all. */
const FEW = 12;

/**
 * The history as a row of thumbnails with what was read below each, newest first. Dispatches
 * `choose`, whose `detail` is the entry.
 *
 * Hidden while there is nothing to show and nothing to have back.
 */
export class HistoryView extends EventTarget {
  /** @type {HTMLElement} */ #root;
  /** @type {History} */ #history;
  /** @type {Eraser} */ #eraser;
  /** @type {Language} */ #language;
  /** What stands in the list, by the entries' keys. @type {Map<string, Tile>} */
  #tiles = new Map();
  #showsAll = false;
  #failed = false;

  /**
   * @param {HTMLElement} root holds an element for each `data-part` named below
   * @param {History} history
   * @param {Eraser} eraser
   * @param {Language} language
   */
  constructor(root, history, eraser, language) {
    super();
    this.#root = root;
    this.#history = history;
    this.#eraser = eraser;
    this.#language = language;
    this.#listen();
    this.#render();
  }

  #listen() {
    this.#history.addEventListener("change", () => this.#render());
    this.#language.addEventListener("change", () => this.#render());
    this.#eraser.addEventListener("change", () => {
      this.#failed = false;
      this.#render();
    });
    this.#eraser.addEventListener("fail", () => {
      this.#failed = true;
      this.#render();
    });
    this.#part("undo").addEventListener("click", () => {
      const [first] = this.#history.discarded;
      this.#eraser.undo();
      this.#tiles.get(first?.key)?.open.focus(); // the button is gone
    });
    this.#part("clear").addEventListener("click", () => {
      this.#eraser.discard(this.#history.entries.map(({ key }) => key));
      this.#part("undo").focus();
    });
    this.#part("more").addEventListener("click", () => {
      this.#showsAll = true;
      this.#render();
      this.#part("entries").querySelectorAll("button")[2 * FEW]?.focus();
    });
    const keeps = /** @type {HTMLInputElement} */ (this.#part("keeps"));
    keeps.addEventListener("change", () => {
      this.#history.keeps = keeps.checked;
    });
  }

  #render() {
    const words = this.#language.strings.history;
    const { entries, keeps } = this.#history;
    const { count } = this.#eraser;
    this.#root.hidden = entries.length + count === 0 && keeps;
    this.#part("clear").hidden = entries.length === 0;
    this.#part("more").hidden = this.#showsAll || entries.length <= FEW;
    this.#part("more").textContent = words.more(entries.length);
    this.#part("undo").hidden = count === 0;
    this.#say(this.#failed ? words.failed : count > 0 ? words.removed(count) : "");
    const isMarked = entries.some(({ answer }) => answer.stored);
    this.#part("private").hidden = isMarked;
    this.#part("marked").hidden = !isMarked;
    /** @type {HTMLInputElement} */ (this.#part("keeps")).checked = keeps;
    this.#renderTiles(this.#showsAll ? entries : entries.slice(0, FEW));
  }

  /** @param {readonly Entry[]} entries */
  #renderTiles(entries) {
    const list = this.#part("entries");
    const keys = new Set(entries.map(({ key }) => key));
    for (const [key, tile] of this.#tiles) {
      if (keys.has(key)) continue;
      tile.item.remove();
      this.#tiles.delete(key);
    }
    entries.forEach((entry, i) => {
      const tile = this.#tiles.get(entry.key) ?? this.#addTile(entry.key);
      tile.show(entry, this.#language);
      // Moved only if it must be: to move an element takes the focus from it.
      if (list.children[i] !== tile.item) list.insertBefore(tile.item, list.children[i] ?? null);
    });
  }

  /** @param {string} key */
  #addTile(key) {
    const tile = new Tile(this.#root.ownerDocument);
    this.#tiles.set(key, tile);
    tile.open.addEventListener("click", () => {
      this.dispatchEvent(new CustomEvent("choose", { detail: this.#history.get(key) }));
    });
    tile.open.addEventListener("keydown", ({ code }) => {
      if (code === "Delete" || code === "Backspace") this.#discard(key, "open");
    });
    tile.remove.addEventListener("click", () => this.#discard(key, "remove"));
    return tile;
  }

  /**
   * @param {string} key
   * @param {"open" | "remove"} button the one whose neighbour gets the focus
   */
  #discard(key, button) {
    const keys = this.#history.entries.map((entry) => entry.key);
    const i = keys.indexOf(key);
    this.#eraser.discard([key]);
    const neighbour = this.#tiles.get(keys[i + 1]) ?? this.#tiles.get(keys[i - 1]);
    (neighbour?.[button] ?? this.#part("undo")).focus();
  }

  /** What a correction was said of is no longer shown, or it would tell by itself. */
  showCorrectionFailed() {
    this.#say(this.#language.strings.answer.uncorrected);
  }

  /** @param {string} sentence */
  #say(sentence) {
    const notice = this.#part("notice");
    // The same again would be read out again.
    if (notice.textContent !== sentence) notice.textContent = sentence;
  }

  /**
   * @param {string} name
   * @returns {HTMLElement}
   */
  #part(name) {
    const part = this.#root.querySelector(`[data-part="${name}"]`);
    if (!part) throw new Error(`The history has no part named ${name}.`);
    return /** @type {HTMLElement} */ (part);
  }
}

/** An entry's two buttons: one shows it again, one deletes it. */
class Tile {
  /** @type {HTMLImageElement} */ #image;
  /** @type {HTMLElement} */ #figure;

  /** @param {Document} page */
  constructor(page) {
    const [thumb, caption] = [page.createElement("span"), page.createElement("span")];
    this.item = page.createElement("li");
    this.open = page.createElement("button");
    this.remove = page.createElement("button");
    this.#image = page.createElement("img");
    this.#figure = caption;
    this.open.type = this.remove.type = "button";
    this.open.className = "open";
    this.remove.className = "remove";
    this.remove.textContent = "×";
    thumb.className = "thumb";
    caption.className = "figure";
    thumb.append(this.#image);
    this.open.append(thumb, caption);
    this.item.append(this.open, this.remove);
  }

  /**
   * @param {Entry} entry
   * @param {Language} language
   */
  show({ image, kind, answer, label, time }, { strings, locale }) {
    const words = strings.history;
    const none = answer.outcome === "blank" ? strings.answer.blank.title : words.none;
    const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
    const when = format.format(time);
    const figure = String(answer.digit ?? "?");
    const isWrong = label !== null && String(label) !== figure;
    const read =
      answer.digit === null ? none : words.figure(answer.digit, answer.outcome === "digit");
    const name = [
      // Who calls a button by what is to be seen on it says both figures.
      isWrong ? `${read} ${label}` : read,
      label === null ? "" : words.corrected(label),
      when,
      answer.stored ? words.kept : "",
    ];
    const described = name.filter(Boolean).join(words.comma);
    if (this.#image.getAttribute("src") !== image) this.#image.src = image;
    this.#image.alt = "";
    this.item.dataset.kind = kind;
    this.item.dataset.outcome = answer.outcome;
    this.item.toggleAttribute("data-kept", answer.stored);
    this.item.title = when;
    this.open.setAttribute("aria-label", described);
    this.remove.setAttribute("aria-label", words.remove(described));
    this.#showFigure(figure, label);
  }

  /**
   * @param {string} figure
   * @param {number | null} label stands beside what it corrects, if it's another
   */
  #showFigure(figure, label) {
    const page = this.#figure.ownerDocument;
    if (label === null || String(label) === figure) {
      this.#figure.replaceChildren(figure);
      return;
    }
    const [wrong, right] = [page.createElement("s"), page.createElement("b")];
    wrong.textContent = figure;
    right.textContent = String(label);
    this.#figure.replaceChildren(wrong, " ", right);
  }
}

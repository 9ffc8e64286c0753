// @ts-check
import { NOTHING } from "./thumbnail.js";

/** @typedef {import("./client.js").Answer} Answer */

/**
 * What was read once, and with it all that is needed to show it again.
 * @typedef {object} Entry
 * @property {string} key  this browser's own, of no meaning elsewhere
 * @property {number} time  milliseconds since 1970
 * @property {"drawing" | "picture"} kind
 * @property {string} name  a picture's; a drawing has none
 * @property {string} image  a data URL: the drawing as it was sent, or a small copy of the picture
 * @property {Answer} answer  its `stored` tells whether the server has a record under its `id`
 * @property {number | null} label  the digit that it really is, if somebody said so
 * @property {boolean} discarded  whether it's on its way out, and may yet come back
 */

/** An item each, so that two tabs write side by side. The number is that of the entries' form. */
const PREFIX = "inkling.history.1.";
/** Where it's remembered that none is wanted. */
const OFF = "inkling.history.off";
/** Entries. At some 10 KB each they fill an eighth of what a browser grants. */
const MOST = 60;
/** As many old ones may go to make room for a new one, before it's the browser that is full. */
const MOST_FOR_ONE = 5;

/** What is said of a record before there is an answer. */
const UNREAD = /** @type {Answer} */ ({
  outcome: "blank",
  digit: null,
  confidence: 0,
  scores: Array(10).fill(0),
  stored: true,
});

/**
 * What was read in this browser, newest first, in its local storage: nothing of it is sent.
 *
 * Where storage is forbidden or full, it lasts as long as the page. Dispatches `change`, for what
 * another tab does as well.
 */
export class History extends EventTarget {
  /** @type {Map<string, Entry>} */ #entries = new Map();
  /** @type {Storage | null} */ #storage;
  /** @type {Set<string>} */ #pinned = new Set();
  #keeps = true;

  /**
   * @param {Storage | null} storage
   * @param {EventTarget} window dispatches `storage` for what other tabs write
   */
  constructor(storage, window) {
    super();
    this.#storage = storage;
    this.#load();
    window.addEventListener("storage", (event) => {
      const { key, newValue } = /** @type {StorageEvent} */ (event);
      if (key === null) this.#load(); // everything was cleared
      else if (key === OFF) this.#keeps = newValue === null;
      else if (key.startsWith(PREFIX)) this.#take(key.slice(PREFIX.length), newValue);
      else return;
      this.#tell();
    });
  }

  /** Newest first, without those on their way out. */
  get entries() {
    return [...this.#entries.values()]
      .filter((entry) => !entry.discarded)
      .sort((a, b) => b.time - a.time || (a.key < b.key ? 1 : -1));
  }

  /** Those on their way out. */
  get discarded() {
    return [...this.#entries.values()].filter((entry) => entry.discarded);
  }

  /** Whether what is read is noted. */
  get keeps() {
    return this.#keeps;
  }

  set keeps(keeps) {
    this.#keeps = keeps;
    attempt(() => (keeps ? this.#storage?.removeItem(OFF) : this.#storage?.setItem(OFF, "1")));
    this.#tell();
  }

  /** @param {string} key */
  get(key) {
    return this.#entries.get(key) ?? null;
  }

  /**
   * Note what was read. It takes the place of what was read before of the same drawing, unless the
   * server has a record of that, or a person's word: then its entry alone leads there.
   *
   * @param {Pick<Entry, "kind" | "name" | "image" | "answer">} reading
   * @param {string | null} last the key of the entry to replace
   * @returns {string} the entry's key
   */
  note(reading, last) {
    const { image, kind } = reading;
    const answer = roundPixels(reading.answer);
    const twins = this.entries.filter(
      (entry) => entry.kind === kind && entry.image === image && image !== NOTHING,
    );
    const kept = twins.find((twin) => !this.#isLoose(twin));
    // The same again: a record that it got or lost is news, and another answer is none.
    if (kept && (!answer.stored || answer.id === kept.answer.id)) {
      if (answer.id === kept.answer.id) this.#put({ ...kept, answer });
      this.#tell();
      return kept.key;
    }
    for (const twin of twins) if (this.#isLoose(twin)) this.#drop(twin.key);
    const replaced = last === null ? null : this.#entries.get(last);
    const key = replaced && this.#isLoose(replaced) ? replaced.key : newKey();
    const time = Date.now();
    this.#put({ ...reading, answer, key, time, label: null, discarded: false });
    this.#tell();
    return key;
  }

  /**
   * Something is under way with an entry: nothing else takes its place any more.
   * @param {string} key
   */
  pin(key) {
    this.#pinned.add(key);
  }

  /**
   * @param {string} key of an entry that may have gone
   * @param {Partial<Entry>} changes
   */
  update(key, changes) {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#put({ ...entry, ...changes });
    this.#tell();
  }

  /**
   * Keep nothing of an entry on its way out but what it takes to have the server delete it.
   * @param {string} key
   */
  strip(key) {
    const entry = this.#entries.get(key);
    if (entry?.discarded) this.#put(toStub(entry));
  }

  /**
   * Something is to be kept. Until that has an entry, this one leads there: it's on its way out,
   * so that the next visit deletes what was kept if this one never sees the answer.
   *
   * @param {string} id of the record to come
   */
  expect(id) {
    const answer = { ...UNREAD, id };
    this.#put(toStub({ key: id, time: Date.now(), kind: "drawing", answer, discarded: true }));
    this.#tell();
  }

  /** @param {string} id of a record that the server has let go, or has never had */
  release(id) {
    this.#drop(id);
    for (const entry of [...this.#entries.values()]) {
      if (entry.answer.id !== id || !entry.answer.stored) continue;
      this.update(entry.key, { answer: { ...entry.answer, stored: false } });
    }
  }

  /** @param {string} key */
  forget(key) {
    this.#drop(key);
    this.#tell();
  }

  /**
   * Whether nothing depends on an entry.
   * @param {Entry} entry
   */
  #isLoose({ key, answer, label, discarded }) {
    return !answer.stored && label === null && !discarded && !this.#pinned.has(key);
  }

  /** @param {Entry} entry */
  #put(entry) {
    this.#entries.set(entry.key, entry);
    const { id, stored } = entry.answer;
    if (stored && id !== entry.key) this.#drop(id); // it was expected, and has come
    while (this.entries.length > MOST && this.#dropOldest(entry.key));
    for (let i = 0; i <= MOST_FOR_ONE; i++) {
      if (!this.#write(entry)) return;
      if (i === MOST_FOR_ONE || !this.#dropOldest(entry.key)) break;
    }
    // There is no room. But its id finds some, in the place of an old one's image if need be.
    if (!entry.answer.stored || !this.#write(toStub(entry))) return;
    for (const old of this.#listOldest(entry.key)) {
      this.#write(toStub(old));
      if (!this.#write(toStub(entry))) return;
    }
  }

  /**
   * @param {Entry} entry
   * @returns {boolean} whether there was no room for it
   */
  #write(entry) {
    const text = JSON.stringify(entry);
    return attempt(() => this.#storage?.setItem(PREFIX + entry.key, text));
  }

  /**
   * Forget the oldest that nothing depends on.
   * @param {string} spared a key
   * @returns {boolean} whether there was one
   */
  #dropOldest(spared) {
    const oldest = this.#listOldest(spared).find((entry) => this.#isLoose(entry));
    if (oldest) this.#drop(oldest.key);
    return !!oldest;
  }

  /** @param {string} spared a key */
  #listOldest(spared) {
    const others = [...this.#entries.values()].filter(({ key }) => key !== spared);
    return others.sort((a, b) => a.time - b.time);
  }

  /** @param {string} key */
  #drop(key) {
    this.#entries.delete(key);
    attempt(() => this.#storage?.removeItem(PREFIX + key));
  }

  #load() {
    this.#entries.clear();
    attempt(() => {
      this.#keeps = !this.#storage?.getItem(OFF);
      for (const name of Object.keys(this.#storage ?? {})) {
        if (!name.startsWith(PREFIX)) continue;
        const key = name.slice(PREFIX.length);
        this.#take(key, this.#storage?.getItem(name) ?? null);
        if (!this.#entries.has(key)) this.#storage?.removeItem(name); // nobody could, ever again
      }
    });
  }

  /**
   * @param {string} key
   * @param {string | null} text as it is stored
   */
  #take(key, text) {
    const entry = parseEntry(key, text);
    if (entry) this.#entries.set(key, entry);
    else this.#entries.delete(key);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

/** @returns {Storage | null} the browser's own; merely to look at it may be forbidden */
export function findStorage() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

/**
 * To two digits after the point: as many as the eye can tell, and a sixth of the text.
 * @param {Answer} answer
 * @returns {Answer}
 */
function roundPixels(answer) {
  const pixels = answer.pixels?.map((row) => row.map((ink) => Math.round(ink * 100) / 100));
  return { ...answer, pixels: pixels ?? null };
}

/**
 * @param {Omit<Entry, "name" | "image" | "label"> & Partial<Entry>} entry
 * @returns {Entry} what leads to its record, and nothing that was written
 */
function toStub(entry) {
  const answer = { ...entry.answer, pixels: null };
  return { label: null, ...entry, name: "", image: NOTHING, answer };
}

function newKey() {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
}

/**
 * @param {() => void} write
 * @returns {boolean} whether there was no room for it
 */
function attempt(write) {
  try {
    write();
    return false;
  } catch (error) {
    return error instanceof DOMException && error.name === "QuotaExceededError";
  }
}

/**
 * @param {string} key
 * @param {string | null} text
 * @returns {Entry | null} null for what no version of this page can have written
 */
function parseEntry(key, text) {
  try {
    const entry = JSON.parse(text ?? "");
    const { time, kind, name, image, answer, label, discarded } = entry;
    const { outcome, digit, confidence, scores, id, stored } = answer;
    const isSound =
      entry.key === key &&
      Number.isFinite(time) &&
      ["drawing", "picture"].includes(kind) &&
      typeof name === "string" &&
      /^data:image\/(png|jpeg);base64,/.test(image) &&
      ["digit", "uncertain", "not_a_digit", "blank"].includes(outcome) &&
      (isDigit(digit) || (digit === null && ["not_a_digit", "blank"].includes(outcome))) &&
      [confidence, ...scores].every(Number.isFinite) &&
      scores.length === 10 &&
      typeof id === "string" &&
      typeof stored === "boolean" &&
      (label === null || isDigit(label)) &&
      typeof discarded === "boolean";
    return isSound ? entry : null;
  } catch {
    return null;
  }
}

/** @param {unknown} value */
function isDigit(value) {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 9;
}

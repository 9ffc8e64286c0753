// @ts-check
import { Problem } from "./client.js";
import { Entry } from "./entry.js";
import { FileList } from "./file-list.js";
import { FileListView } from "./file-list-view.js";
import { Intake } from "./intake.js";
import { LargeUpload } from "./large-upload.js";

/** @typedef {import("./intake.js").Gift} Gift */
/** @typedef {import("./language.js").Language} Language */

/** Files at once: beyond, it's work for the API. */
const MAX_FILES = 50;

/**
 * The images that are given, and the preview of one of them: the only one, or of several the one
 * that is selected in their list.
 *
 * Dispatches `image` when it's another one, and before that `list` when there are several, which
 * wait for `start`; `clear` when there is none any more, `note` when there is something to say
 * without one, and `result` and `waiting` for what comes without being asked
 * for by the page; `read` for whichever file has been read, whose detail is its answer, image and
 * name. Its root's `data-state` is `empty`, `image`, or `file` for one that the browser can't show.
 */
export class Upload extends EventTarget {
  /** @type {HTMLElement} */ #root;
  /** @type {HTMLImageElement} */ #preview;
  /** @type {Language} */ #language;
  /** @type {FileList} */ #list;
  /** @type {FileListView} */ #view;
  /** @type {LargeUpload} */ #large;
  /** @type {Entry | null} */ #entry = null;
  #isTold = false;
  /** What to say of what was given: in the language of the moment. */
  #note = () => "";

  /**
   * @param {HTMLElement} root holds file inputs, an image, and an element for each `data-part`
   * @param {HTMLElement} files where the list of several is
   * @param {EventTarget} surface where files may be dropped and images pasted
   * @param {EventTarget} network dispatches `online` when it's back
   * @param {Language} language
   */
  constructor(root, files, surface, network, language) {
    super();
    this.#root = root;
    this.#language = language;
    this.#preview = /** @type {HTMLImageElement} */ (root.querySelector("img"));
    this.#large = new LargeUpload(this.#part("large"), language);
    this.#list = new FileList(network);
    this.#view = new FileListView(files, this.#list, language);
    this.#view.addEventListener("select", () => this.#select(this.#view.selected));
    this.#preview.addEventListener("error", () => {
      if (this.#preview.hasAttribute("src")) root.dataset.state = "file";
    });
    new Intake(root, surface).addEventListener("files", (event) => {
      this.#take(/** @type {CustomEvent<Gift>} */ (event).detail);
    });
    language.addEventListener("change", () => this.#name());
  }

  /** Whether there is none. */
  get isEmpty() {
    return this.#entry === null;
  }

  /** What is to be sent of the image, or null. Rejects with a Problem. */
  image() {
    return this.#entry?.image() ?? null;
  }

  /** What the image turned out to be, if that is known. */
  get result() {
    return this.#entry?.result ?? null;
  }

  set result(result) {
    if (!this.#entry) return;
    this.#isTold = true; // who sets it knows it
    this.#entry.result = result;
    this.#isTold = false;
  }

  /** Whether an answer is coming without being asked for. */
  get isBusy() {
    const isWaiting = this.#list.isRunning && this.result === null;
    return isWaiting || (this.#entry?.isUploading ?? false);
  }

  /** Whether the image is known to be too large for a question. */
  get needsUpload() {
    return this.#entry?.needsUpload ?? false;
  }

  /** Read the files of the list, if there is one. */
  start() {
    const { entries, isRunning } = this.#list;
    if (entries.length > 1 && !isRunning) this.#list.start();
  }

  /** Ask no more about the files of the list. */
  stop() {
    this.#list.stop();
  }

  /** Upload the image if it's too large for a question; tells whether it is. */
  upload() {
    if (this.#entry?.isUploadable) this.#entry.upload();
    return this.needsUpload;
  }

  /**
   * @param {Blob} file
   * @param {string} name to show with it
   * @param {import("./client.js").Answer | null} [answer] if it's known
   */
  show(file, name, answer = null) {
    const entry = new Entry(file, name);
    entry.result = answer;
    this.#show([entry]);
  }

  clear() {
    this.#show([]);
    this.dispatchEvent(new Event("clear"));
  }

  /** @param {Gift} gift */
  #take({ files, hadFolders }) {
    const { strings } = this.#language;
    const entries = files.slice(0, MAX_FILES);
    if (entries.length > 0) {
      this.#show(entries.map((file) => new Entry(file, file.name || strings.upload.unnamed)));
    } else {
      this.dispatchEvent(new Event("note"));
    }
    this.#note = () => {
      const { folders, tooMany } = this.#language.strings.upload;
      const notes = [];
      if (hadFolders) notes.push(folders);
      if (files.length > MAX_FILES) notes.push(tooMany(files.length, MAX_FILES));
      return notes.join(this.#language.strings.answer.space);
    };
    this.#name();
  }

  /** @param {Entry[]} entries */
  #show(entries) {
    this.#note = () => "";
    for (const entry of entries) entry.addEventListener("change", () => this.#tellRead(entry));
    this.#list.replace(entries);
    this.#view.show(entries.length > 1 ? entries : []);
    if (entries.length > 1) this.dispatchEvent(new Event("list"));
    this.#select(entries[0] ?? null);
  }

  /** @param {Entry} entry */
  #tellRead(entry) {
    const { result, name } = entry;
    if (!result || result instanceof Problem) return;
    const image = entry.photo().then(({ blob }) => blob);
    this.dispatchEvent(new CustomEvent("read", { detail: { answer: result, image, name } }));
  }

  /** @param {Entry | null} entry */
  #select(entry) {
    this.#forget();
    this.#entry = entry;
    this.#large.show(entry);
    this.#root.dataset.state = entry ? "image" : "empty";
    this.#name();
    if (!entry) return;
    entry.addEventListener("change", this.#onChange);
    this.#draw(entry);
    this.dispatchEvent(new Event("image"));
  }

  #forget() {
    this.#entry?.removeEventListener("change", this.#onChange);
    if (this.#preview.src) URL.revokeObjectURL(this.#preview.src);
    this.#preview.removeAttribute("src");
  }

  /** @param {Entry} entry */
  async #draw(entry) {
    try {
      const { blob, width } = await entry.photo();
      if (entry !== this.#entry) return;
      if (width > 0) this.#preview.src = URL.createObjectURL(blob);
      else this.#root.dataset.state = "file";
    } catch {
      // Who asks for its answer is told why.
      if (entry === this.#entry) this.#root.dataset.state = "file";
    }
  }

  #name() {
    const name = this.#entry?.name ?? "";
    this.#part("name").textContent = name;
    this.#part("note").textContent = this.#note();
    this.#preview.alt = name && this.#language.strings.upload.preview(name);
  }

  #onChange = () => {
    if (this.#isTold) return;
    if (this.result) this.dispatchEvent(new Event("result"));
    else if (this.isBusy) this.dispatchEvent(new Event("waiting"));
  };

  /**
   * @param {string} name
   * @returns {HTMLElement}
   */
  #part(name) {
    const part = this.#root.querySelector(`[data-part="${name}"]`);
    if (!part) throw new Error(`The upload has no part named ${name}.`);
    return /** @type {HTMLElement} */ (part);
  }
}

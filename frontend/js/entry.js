// @ts-check
import { Client, Problem, isPassing, records } from "./client.js";
import { MAX_BYTES, preparePhoto } from "./photo.js";
import { toProblem } from "./reading.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./photo.js").Photo} Photo */

/** Types of problems after which an upload may be tried again, as after those that pass. */
const UPLOADABLE = ["upload-needed", "upload-refused", "upload-unread"];

/** A file, what is sent of it, and what became of it. Dispatches `change`. */
export class Entry extends EventTarget {
  /** @type {Promise<Photo> | null} */ #photo = null;
  /** @type {Answer | Problem | null} */ #result = null;
  /** @type {AbortController | null} */ #upload = null;
  #isReading = false;
  /** Whether it's too large for a question. */
  needsUpload = false;
  /** Bytes of what is sent. */
  size = 0;
  /** How much of that has been uploaded, 0 to 1. */
  share = 0;

  /**
   * @param {Blob} file
   * @param {string} name
   */
  constructor(file, name) {
    super();
    this.file = file;
    this.name = name;
  }

  /** What is sent of it. Rejects with a Problem. */
  photo() {
    this.#photo ??= this.#prepare();
    return this.#photo;
  }

  async #prepare() {
    const photo = await preparePhoto(this.file);
    this.size = photo.blob.size;
    this.needsUpload = this.size > MAX_BYTES;
    this.#tell();
    return photo;
  }

  /**
   * The image for a question. Rejects with a Problem, as for one that only an upload can bring.
   * @returns {Promise<Blob>}
   */
  async image() {
    const { blob } = await this.photo();
    if (this.needsUpload) throw new Problem("upload-needed", "");
    return blob;
  }

  get result() {
    return this.#result;
  }

  set result(result) {
    this.#isReading = false;
    this.#result = result;
    this.#tell();
  }

  /** Whether it's being asked about. */
  get isReading() {
    return this.#isReading;
  }

  set isReading(isReading) {
    this.#isReading = isReading;
    this.#tell();
  }

  get isUploading() {
    return this.#upload !== null;
  }

  /** Whether another question may end better than the last. */
  get isOpen() {
    return this.#result === null || isPassing(this.#result);
  }

  /** Whether an upload is the way to an answer. */
  get isUploadable() {
    const result = this.#result;
    if (!this.needsUpload || this.isUploading) return false;
    if (!(result instanceof Problem)) return result === null;
    return isPassing(result) || UPLOADABLE.includes(result.type);
  }

  /** Whether the server keeps what was uploaded. */
  get isUploaded() {
    return this.needsUpload && !!this.#result && "stored" in this.#result && this.#result.stored;
  }

  /** Have it read by the way for large images, which keeps it. */
  async upload() {
    const upload = new AbortController();
    this.#upload = upload;
    this.share = 0;
    this.result = null;
    const onProgress = (/** @type {number} */ share) => {
      this.share = share;
      this.#tell();
    };
    /** @type {Answer | Problem} */
    let result;
    try {
      const { blob } = await this.photo();
      const { uploadImage } = await import("./uploads.js"); // few visits need it
      result = await uploadImage(blob, { signal: upload.signal, onProgress });
    } catch (error) {
      result = upload.signal.aborted ? new Problem("upload-needed", "") : toProblem(error);
    }
    this.#upload = null;
    this.result = result;
    if (!this.isUploaded) return;
    records.addEventListener("remove", (event) => {
      this.#release(/** @type {CustomEvent<string>} */ (event).detail);
    });
  }

  /** @param {string} id of a record that was deleted: here, or in the history */
  #release(id) {
    const answer = this.#result;
    if (!answer || answer instanceof Problem || answer.id !== id) return;
    answer.stored = false; // it stays the same answer
    this.result = answer;
  }

  /** Break its upload off. */
  cancel() {
    this.#upload?.abort();
  }

  /** Have the server forget it; the answer stays. Rejects with a Problem. */
  async remove() {
    const answer = this.#result;
    if (!answer || answer instanceof Problem) return;
    await new Client().remove(answer.id);
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

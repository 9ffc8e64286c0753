// @ts-check

/**
 * An image that is chosen, dropped or pasted, and its preview. Dispatches `image` and `clear`.
 *
 * Its root's `data-state` is `empty`, `image`, or `file` for one that the browser can't show;
 * `data-dragging` is there while a file hovers over the page.
 */
export class Upload extends EventTarget {
  /** @type {HTMLElement} */ #root;
  /** @type {HTMLInputElement} */ #input;
  /** @type {HTMLImageElement} */ #preview;
  /** @type {HTMLElement} */ #name;
  /** @type {Blob | null} */ #file = null;

  /**
   * @param {HTMLElement} root holds a file input, an image and a `data-part="name"`
   * @param {EventTarget} surface where files may be dropped and images pasted
   */
  constructor(root, surface) {
    super();
    this.#root = root;
    this.#input = /** @type {HTMLInputElement} */ (root.querySelector("input[type=file]"));
    this.#preview = /** @type {HTMLImageElement} */ (root.querySelector("img"));
    this.#name = /** @type {HTMLElement} */ (root.querySelector('[data-part="name"]'));
    this.#input.addEventListener("change", () => {
      this.#take(this.#input.files);
      this.#input.value = ""; // so that the same file can be chosen again
    });
    this.#preview.addEventListener("error", () => {
      if (this.#file) root.dataset.state = "file";
    });
    this.#listenForDrops(surface);
    surface.addEventListener("paste", (event) => {
      this.#take(/** @type {ClipboardEvent} */ (event).clipboardData?.files);
    });
  }

  /** The image's bytes, or null. */
  get file() {
    return this.#file;
  }

  /**
   * @param {Blob} file
   * @param {string} name to show with it
   */
  show(file, name) {
    this.#forget();
    this.#file = file;
    this.#root.dataset.state = "image";
    this.#preview.src = URL.createObjectURL(file);
    this.#preview.alt = `Preview of ${name}`;
    this.#name.textContent = name;
    this.dispatchEvent(new Event("image"));
  }

  clear() {
    this.#forget();
    this.#root.dataset.state = "empty";
    this.dispatchEvent(new Event("clear"));
  }

  #forget() {
    if (this.#preview.src) URL.revokeObjectURL(this.#preview.src);
    this.#file = null;
    this.#preview.removeAttribute("src");
    this.#preview.alt = "";
    this.#name.textContent = "";
  }

  /** @param {FileList | null | undefined} files */
  #take(files) {
    const file = files?.[0];
    if (file) this.show(file, file.name || "an image");
  }

  /** @param {EventTarget} surface */
  #listenForDrops(surface) {
    const hover = (/** @type {Event} */ event) => {
      const { dataTransfer } = /** @type {DragEvent} */ (event);
      if (!dataTransfer?.types.includes("Files")) return;
      // Or else the browser would leave the page to open the file.
      event.preventDefault();
      dataTransfer.dropEffect = "copy";
      this.#root.toggleAttribute("data-dragging", true);
    };
    surface.addEventListener("dragenter", hover);
    surface.addEventListener("dragover", hover);
    surface.addEventListener("dragleave", (event) => {
      // Only leaving the window itself has nothing that is entered instead.
      if (!(/** @type {DragEvent} */ (event).relatedTarget)) {
        this.#root.removeAttribute("data-dragging");
      }
    });
    surface.addEventListener("drop", (event) => {
      const { dataTransfer } = /** @type {DragEvent} */ (event);
      if (!dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.#root.removeAttribute("data-dragging");
      this.#take(dataTransfer.files);
    });
  }
}

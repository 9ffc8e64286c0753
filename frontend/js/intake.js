// @ts-check

/**
 * What was given at once.
 * @typedef {object} Gift
 * @property {File[]} files
 * @property {boolean} hadFolders  which nothing is read of
 */

/** Kinds of inputs that take no text, and so leave a paste to the page. */
const WORDLESS = ["button", "checkbox", "file", "radio", "range", "submit"];

/**
 * The ways in for files: chosen, taken with a camera, dropped anywhere, pasted. Dispatches `files`
 * with a Gift as its detail.
 *
 * `data-dragging` is on the root while a file hovers over the page.
 */
export class Intake extends EventTarget {
  /** @type {HTMLElement} */ #root;

  /**
   * @param {HTMLElement} root holds file inputs
   * @param {EventTarget} surface where files may be dropped and images pasted
   */
  constructor(root, surface) {
    super();
    this.#root = root;
    for (const input of root.querySelectorAll("input")) {
      input.addEventListener("change", () => {
        this.#give([...(input.files ?? [])]);
        input.value = ""; // so that the same file can be chosen again
      });
    }
    this.#listenForDrops(surface);
    surface.addEventListener("paste", (event) => {
      const { clipboardData, target } = /** @type {ClipboardEvent} */ (event);
      if (takesText(target)) return;
      this.#give([...(clipboardData?.files ?? [])].filter(({ type }) => type.startsWith("image/")));
    });
  }

  /**
   * @param {File[]} files
   * @param {boolean} hadFolders
   */
  #give(files, hadFolders = false) {
    if (files.length === 0 && !hadFolders) return;
    this.dispatchEvent(new CustomEvent("files", { detail: { files, hadFolders } }));
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
      const items = [...dataTransfer.items].filter(({ kind }) => kind === "file");
      const files = items.filter((item) => !isFolder(item)).map((item) => item.getAsFile());
      this.#give(
        files.filter((file) => file !== null),
        items.some(isFolder),
      );
    });
  }
}

/** @param {DataTransferItem} item */
function isFolder(item) {
  return item.webkitGetAsEntry?.()?.isDirectory ?? false;
}

/** @param {EventTarget | null} target of a key or a paste */
function takesText(target) {
  if (target instanceof HTMLInputElement) return !WORDLESS.includes(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}

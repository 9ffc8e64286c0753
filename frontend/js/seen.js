// @ts-check
/** What the model saw: its 28×28 pixels, and where on the sheet it cut them out. */

/** @typedef {import("./client.js").Box} Box */

/** Pixels of the model's side. */
const SIDE = 28;
/** The length of a mark's arms, as a share of the box's shorter side; and of the sheet's, its bounds. */
const ARM = 0.2;
const SHORTEST = 0.02;
const LONGEST = 0.06;
/** Between the ink and its marks, as a share of the sheet's shorter side. */
const MARGIN = 0.015;

/** The model's picture, in the canvas's own colour. */
export class Picture {
  /** @type {HTMLCanvasElement} */ #canvas;
  /** @type {readonly (readonly number[])[] | null} */ #pixels = null;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    canvas.width = canvas.height = SIDE;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paint());
  }

  /** @param {readonly (readonly number[])[] | null} pixels rows of 0 paper to 1 ink */
  show(pixels) {
    this.#pixels = pixels;
    this.#paint();
  }

  #paint() {
    const context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    context.clearRect(0, 0, SIDE, SIDE);
    context.fillStyle = getComputedStyle(this.#canvas).color;
    this.#pixels?.forEach((row, y) => {
      row.forEach((ink, x) => {
        context.globalAlpha = ink;
        context.fillRect(x, y, 1, 1);
      });
    });
  }
}

/**
 * An image's size: of one that is shown, or as two numbers.
 * @typedef {HTMLImageElement | { width: number, height: number }} Image
 */

/**
 * Corner marks around the ink, over a sheet: an SVG that lies on it, and fits the image's pixels
 * into itself as the sheet does.
 */
export class CutMarks {
  /** @type {Element} */ #drawing;
  /** @type {Image} */ #image;
  /** @type {Box | null} */ #box = null;

  /**
   * @param {Element} drawing an `svg` with a `path`
   * @param {Image} image what lies below
   */
  constructor(drawing, image) {
    this.#drawing = drawing;
    this.#image = image;
    // Its answer may be here before it is.
    if (image instanceof HTMLImageElement) image.addEventListener("load", () => this.#draw());
  }

  /** @param {Box | null | undefined} box pixels of the image; none takes the marks away */
  show(box) {
    this.#box = box ?? null;
    this.#draw();
  }

  #draw() {
    const image = this.#image;
    const isShown = image instanceof HTMLImageElement;
    const width = isShown ? image.naturalWidth : image.width;
    const height = isShown ? image.naturalHeight : image.height;
    this.#drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const path = this.#box && width > 0 ? outlineCorners(this.#box, Math.min(width, height)) : "";
    this.#drawing.querySelector("path")?.setAttribute("d", path);
  }
}

/**
 * @param {Box} box
 * @param {number} side the image's shorter one
 * @returns {string} an SVG path
 */
function outlineCorners({ left, top, right, bottom }, side) {
  const arm = ARM * Math.min(right - left, bottom - top);
  const length = Math.min(Math.max(arm, SHORTEST * side), LONGEST * side);
  const gap = MARGIN * side;
  const corners = [
    [left - gap, top - gap, 1, 1],
    [right + gap, top - gap, -1, 1],
    [right + gap, bottom + gap, -1, -1],
    [left - gap, bottom + gap, 1, -1],
  ];
  return corners
    .map(([x, y, dx, dy]) => `M${x + dx * length} ${y}H${x}V${y + dy * length}`)
    .join("");
}

// @ts-check
import { outlineStroke, tintInk } from "./ink.js";
import { watchDevicePixels } from "./pixels.js";

/** @typedef {import("./ink.js").Point} Point */
/** @typedef {import("./marks.js").Mark} Mark */

/** Of the image that `exportMarks` makes, in pixels: the reader works on 28. */
export const IMAGE_SIDE = 280;

/**
 * Marks on a square canvas, in its CSS colour and as sharp as the screen.
 *
 * What is only guessed lies on a second canvas over it, so that it can be taken back.
 */
export class Sheet {
  /** @type {HTMLCanvasElement} */ #canvas;
  /** @type {CanvasRenderingContext2D} */ #context;
  /** @type {CanvasRenderingContext2D} */ #ahead;

  /**
   * @param {HTMLCanvasElement} canvas gets the second one beside it, of the class `ahead`
   * @param {() => void} onLoss tells that the canvas is empty and has to be drawn again
   */
  constructor(canvas, onLoss) {
    this.#canvas = canvas;
    this.#context = contextOf(canvas);
    const ahead = newCanvas(canvas);
    ahead.className = "ahead";
    ahead.setAttribute("aria-hidden", "true");
    canvas.after(ahead);
    this.#ahead = contextOf(ahead);
    watchDevicePixels(canvas, (width, height) => {
      for (const each of [canvas, ahead]) Object.assign(each, { width, height });
      onLoss();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onLoss);
  }

  /** @param {readonly Mark[]} marks */
  draw(marks) {
    wipe(this.#ahead);
    wipe(this.#context);
    drawMarks(this.#context, marks, this.#prepare(this.#context));
  }

  /**
   * Draw what has come to a stroke.
   *
   * @param {readonly Point[]} points all of the stroke's
   * @param {number} drawn how many of them were there before
   * @param {readonly Point[]} guess where it goes on, from its last two points
   */
  extend(points, drawn, guess) {
    this.#prepare(this.#context);
    this.#context.fill(outlineStroke(points, drawn - 1));
    wipe(this.#ahead);
    this.#prepare(this.#ahead);
    if (guess.length > 2) this.#ahead.fill(outlineStroke(guess, 1));
  }

  /**
   * Set a context up to draw in shares of the side, in the canvas's colour; returns that.
   * @param {CanvasRenderingContext2D} context
   */
  #prepare(context) {
    const { color } = getComputedStyle(this.#canvas);
    context.setTransform(this.#canvas.width, 0, 0, this.#canvas.height, 0, 0);
    context.fillStyle = color;
    return color;
  }
}

/**
 * Marks as a PNG: 280×280, black on opaque white, whatever the screen shows.
 *
 * @param {readonly Mark[]} marks
 * @param {Node} node of the document that lends a canvas
 * @returns {Promise<Blob>}
 */
export function exportMarks(marks, node) {
  const canvas = newCanvas(node);
  canvas.width = canvas.height = IMAGE_SIDE;
  // Without an alpha channel the PNG has none either, and is read in a fifth of the time.
  const context = contextOf(canvas, { alpha: false });
  context.fillStyle = "white";
  context.fillRect(0, 0, IMAGE_SIDE, IMAGE_SIDE);
  context.scale(IMAGE_SIDE, IMAGE_SIDE);
  drawMarks(context, marks, "black");
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The drawing became no image."))),
      "image/png",
    );
  });
}

/** @param {Node} node */
export function newCanvas(node) {
  return /** @type {Document} */ (node.ownerDocument).createElement("canvas");
}

/**
 * @param {CanvasRenderingContext2D} context scaled to the sheet's side
 * @param {readonly Mark[]} marks
 * @param {string} color
 */
function drawMarks(context, marks, color) {
  context.fillStyle = color;
  for (const mark of marks) {
    if ("points" in mark) context.fill(outlineStroke(mark.points));
    else context.drawImage(tintInk(mark.ink, color, newCanvas(context.canvas)), 0, 0, 1, 1);
  }
}

/** @param {CanvasRenderingContext2D} context */
function wipe(context) {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
function contextOf(canvas, settings) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", settings));
}

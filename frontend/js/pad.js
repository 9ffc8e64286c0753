// @ts-check
import { extractInk, outlineStroke } from "./ink.js";
import { watchDevicePixels } from "./pixels.js";

/** @typedef {import("./ink.js").Point} Point */

/**
 * One thing on the sheet: a stroke of the pen, or the ink of a picture.
 * @typedef {{ points: Point[] } | { ink: HTMLCanvasElement }} Mark
 */

/** A line's width as a share of the sheet's side, drawn at an even pace. */
const PEN_WIDTH = 0.055;
/** How much wider a resting pen draws, and how much narrower a fast one. */
const WIDTH_AT_REST = 1.12;
const WIDTH_AT_SPEED = 0.84;
/** Sides per millisecond from which a pen is fast. */
const FAST = 0.005;
/** Nearer points than this say more about the hand's tremor than about its way. */
const NEAREST = 0.003;
/** Of the image that `toBlob` makes, in pixels: the reader works on 28. */
const IMAGE_SIDE = 280;

/**
 * A square sheet to draw on, over a canvas: mouse, finger or pen.
 *
 * Keeps what was drawn as data, so that it stays sharp at any size and density. Its ink has the
 * canvas's CSS colour. Dispatches `strokestart`, `strokeend`, `paint` and `clear`.
 */
export class Pad extends EventTarget {
  /** @type {HTMLCanvasElement} */ #canvas;
  /** @type {CanvasRenderingContext2D} */ #context;
  /** @type {Mark[]} */ #marks = [];
  /** @type {{ pointer: number, points: Point[], time: number, drawn: number } | null} */
  #stroke = null;
  #frame = 0;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    super();
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    canvas.addEventListener("pointermove", (event) => this.#extend(event));
    // Losing the capture follows every other way for a stroke to end, so one of them is enough.
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      canvas.addEventListener(end, (event) => this.#end(/** @type {PointerEvent} */ (event)));
    }
    // A long press would open a menu over the drawing.
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    watchDevicePixels(canvas, (width, height) => {
      canvas.width = width;
      canvas.height = height;
      this.#redraw();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#redraw());
  }

  get isEmpty() {
    return this.#marks.length === 0;
  }

  clear() {
    this.#marks = [];
    this.#stroke = null;
    this.#redraw();
    this.dispatchEvent(new Event("clear"));
  }

  /**
   * Replace what is on the sheet by a picture's ink.
   * @param {ImageBitmap} image
   */
  paint(image) {
    this.#marks = [{ ink: extractInk(image, this.#newCanvas()) }];
    this.#stroke = null;
    this.#redraw();
    this.dispatchEvent(new Event("paint"));
  }

  /**
   * The drawing as a PNG: 280×280, black on opaque white, whatever the screen shows.
   * @returns {Promise<Blob>}
   */
  toBlob() {
    const sheet = this.#newCanvas();
    sheet.width = sheet.height = IMAGE_SIDE;
    // Without an alpha channel the PNG has none either, and is read in a fifth of the time.
    const context = /** @type {CanvasRenderingContext2D} */ (
      sheet.getContext("2d", { alpha: false })
    );
    context.fillStyle = "white";
    context.fillRect(0, 0, IMAGE_SIDE, IMAGE_SIDE);
    context.scale(IMAGE_SIDE, IMAGE_SIDE);
    this.#draw(context, "black");
    return new Promise((resolve, reject) => {
      sheet.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error("The drawing became no image."))),
        "image/png",
      );
    });
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    // A second finger or a resting palm is not the pen.
    if (this.#stroke || event.button !== 0) return;
    event.preventDefault();
    this.#canvas.setPointerCapture(event.pointerId);
    /** @type {Point[]} */
    const points = [];
    this.#stroke = { pointer: event.pointerId, points, time: event.timeStamp, drawn: 0 };
    this.#marks.push({ points });
    this.#add(event);
    this.dispatchEvent(new Event("strokestart"));
  }

  /** @param {PointerEvent} event */
  #extend(event) {
    if (event.pointerId !== this.#stroke?.pointer) return;
    // The browser hands over one event a frame; between two there may be ten positions.
    const between = event.getCoalescedEvents?.() ?? [];
    for (const moment of between.length ? between : [event]) this.#add(moment);
  }

  /** @param {PointerEvent} event */
  #end(event) {
    if (event.pointerId !== this.#stroke?.pointer) return;
    this.#stroke = null;
    this.#redraw();
    this.dispatchEvent(new Event("strokeend"));
  }

  /** @param {PointerEvent} event */
  #add(event) {
    const stroke = this.#stroke;
    if (!stroke) return;
    const sheet = this.#canvas.getBoundingClientRect();
    const x = (event.clientX - sheet.left) / sheet.width;
    const y = (event.clientY - sheet.top) / sheet.height;
    const last = stroke.points.at(-1);
    const way = last ? Math.hypot(x - last.x, y - last.y) : 0;
    if (last && way < NEAREST) return;
    const pace = way / Math.max(1, event.timeStamp - stroke.time);
    const target = PEN_WIDTH * widthFactor(event, pace);
    // Ink follows the hand's change of pace slowly.
    const width = last ? 0.75 * last.width + 0.25 * target : target;
    stroke.points.push({ x, y, width });
    stroke.time = event.timeStamp;
    this.#frame ||= requestAnimationFrame(() => this.#drawLatest());
  }

  /** Add what the pen did since the last frame. */
  #drawLatest() {
    this.#frame = 0;
    if (!this.#stroke) return;
    const { points, drawn } = this.#stroke;
    this.#prepare();
    this.#context.fill(outlineStroke(points, drawn - 1));
    this.#stroke.drawn = points.length;
  }

  #redraw() {
    const { width, height } = this.#canvas;
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.clearRect(0, 0, width, height);
    const color = this.#prepare();
    this.#draw(this.#context, color);
  }

  /** Set the context up to draw in shares of the side, in the canvas's colour; returns that. */
  #prepare() {
    const { color } = getComputedStyle(this.#canvas);
    this.#context.setTransform(this.#canvas.width, 0, 0, this.#canvas.height, 0, 0);
    this.#context.fillStyle = color;
    return color;
  }

  /**
   * @param {CanvasRenderingContext2D} context scaled to the sheet's side
   * @param {string} color
   */
  #draw(context, color) {
    context.fillStyle = color;
    for (const mark of this.#marks) {
      if ("points" in mark) context.fill(outlineStroke(mark.points));
      else context.drawImage(this.#tint(mark.ink, color), 0, 0, 1, 1);
    }
  }

  /**
   * @param {HTMLCanvasElement} ink alpha tells how much
   * @param {string} color
   */
  #tint(ink, color) {
    const tinted = this.#newCanvas();
    tinted.width = ink.width;
    tinted.height = ink.height;
    const context = /** @type {CanvasRenderingContext2D} */ (tinted.getContext("2d"));
    context.drawImage(ink, 0, 0);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = color;
    context.fillRect(0, 0, ink.width, ink.height);
    return tinted;
  }

  #newCanvas() {
    return this.#canvas.ownerDocument.createElement("canvas");
  }
}

/**
 * A pen's pressure decides the width; a mouse and a finger have none, so their pace does.
 *
 * @param {PointerEvent} event
 * @param {number} pace sides per millisecond
 */
function widthFactor(event, pace) {
  if (event.pointerType === "pen" && event.pressure > 0) return 0.6 + 0.8 * event.pressure;
  return WIDTH_AT_REST + (WIDTH_AT_SPEED - WIDTH_AT_REST) * Math.min(1, pace / FAST);
}

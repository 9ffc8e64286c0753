// @ts-check
import { extractInk, touches } from "./ink.js";
import { Marks, readMarks, writeMarks } from "./marks.js";
import { followPointers } from "./pointers.js";
import { exportMarks, newCanvas, Sheet } from "./sheet.js";
import { PENS, Stroke } from "./stroke.js";

/** @typedef {import("./stroke.js").Moment} Moment */

/** Milliseconds of stillness after which a pen that is down may have done. */
const REST = 250;

/**
 * A square sheet to draw on, over a canvas: mouse, finger and pen, or whoever calls `press` and
 * `lift`.
 *
 * Keeps what was drawn as data, so that it stays sharp at any size and density. Dispatches
 * `strokestart`; `rest` when the hand pauses with its pen down; and `change` when what lies on the
 * sheet has become another drawing: at a stroke's end, and whatever else does that.
 */
export class Pad extends EventTarget {
  /** @type {HTMLCanvasElement} */ #canvas;
  /** @type {Sheet} */ #sheet;
  #marks = new Marks();
  /** @type {Stroke | null} of the pen that is down */ #stroke = null;
  /** How many of its points are on the sheet. */
  #drawn = 0;
  /** @type {Moment[]} */ #predicted = [];
  #frame = 0;
  #timer = 0;

  /** The one that draws the next stroke: `thin`, `medium` or `thick`. */
  pen = "medium";
  /** Another number for each other drawing. */
  version = 0;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    super();
    this.#canvas = canvas;
    this.#sheet = new Sheet(canvas, () => this.#redraw());
    followPointers(canvas, this);
  }

  get isEmpty() {
    return this.#marks.list.length === 0;
  }

  /** Whether a stroke is being drawn. */
  get isDown() {
    return this.#stroke !== null;
  }

  get canUndo() {
    return this.#marks.canUndo;
  }

  get canRedo() {
    return this.#marks.canRedo;
  }

  undo() {
    this.lift();
    if (this.#marks.undo()) this.#change();
  }

  redo() {
    this.lift();
    if (this.#marks.redo()) this.#change();
  }

  clear() {
    this.lift();
    if (!this.isEmpty) this.#marks.replace([]);
    this.#change();
  }

  /**
   * Replace what is on the sheet by a picture's ink.
   * @param {ImageBitmap} image
   */
  paint(image) {
    this.lift();
    this.#marks.replace([{ ink: extractInk(image, newCanvas(this.#canvas)) }]);
    this.#change();
  }

  /**
   * The drawing as a PNG: 280×280, black on opaque white, whatever the screen shows.
   * @returns {Promise<Blob>}
   */
  toBlob() {
    return exportMarks(this.#marks.list, this.#canvas);
  }

  /** The drawing as a text, for `restore`; empty if there is none. */
  save() {
    return writeMarks(this.#marks.list);
  }

  /**
   * Draw what was saved, mark by mark, so that each can be undone.
   * @param {string | null} text
   * @returns {Promise<boolean>} whether there was anything, and nobody was quicker
   */
  async restore(text) {
    const marks = await readMarks(text, () => newCanvas(this.#canvas));
    if (marks.length === 0 || this.version > 0) return false;
    for (const mark of marks) this.#marks.add(mark);
    this.#change();
    return true;
  }

  /**
   * Put the pen down, or move it.
   *
   * @param {Moment[]} moments
   * @param {Moment[]} [predicted] where it may be next: drawn until it's known, and never kept
   */
  press(moments, predicted = []) {
    const isFirst = this.#stroke === null;
    const stroke = this.#stroke ?? this.#begin();
    const before = stroke.points.length;
    for (const moment of moments) stroke.add(moment);
    this.#predicted = predicted;
    this.#frame ||= requestAnimationFrame(() => this.#drawLatest());
    if (isFirst) this.dispatchEvent(new Event("strokestart"));
    if (stroke.points.length === before) return;
    this.version += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.dispatchEvent(new Event("rest")), REST);
  }

  /** Lift the pen, if it's down. What it drew is kept. */
  lift() {
    if (!this.#stroke) return;
    this.#end();
    this.#show();
  }

  /** Lift the pen as if it had never been down. */
  retract() {
    if (!this.#stroke) return;
    this.#end();
    this.#marks.retract();
    this.#change();
  }

  /**
   * Take away the topmost stroke at a place, if there is one.
   * @param {{ x: number, y: number }} place shares of the sheet's side
   */
  erase(place) {
    const at = (/** @type {import("./marks.js").Mark} */ mark) =>
      "points" in mark && touches(mark.points, place);
    const mark = this.#marks.list.findLast(at);
    if (!mark) return;
    this.#marks.remove(mark);
    this.#change();
  }

  #begin() {
    const stroke = new Stroke(PENS[this.pen]);
    this.#stroke = stroke;
    this.#marks.add(stroke);
    this.#drawn = 0;
    return stroke;
  }

  #end() {
    this.#stroke = null;
    this.#predicted = [];
    clearTimeout(this.#timer);
  }

  #change() {
    this.version += 1;
    this.#show();
  }

  #show() {
    this.#redraw();
    this.dispatchEvent(new Event("change"));
  }

  #redraw() {
    this.#sheet.draw(this.#marks.list);
  }

  /** Add what the pen did since the last frame. */
  #drawLatest() {
    this.#frame = 0;
    if (!this.#stroke) return;
    const { points } = this.#stroke;
    this.#sheet.extend(points, this.#drawn, this.#stroke.predict(this.#predicted));
    this.#drawn = points.length;
  }
}

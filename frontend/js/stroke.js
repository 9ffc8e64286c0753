// @ts-check
/** How a hand's way becomes a line: where it's wide and where it's narrow. */

/** @typedef {import("./ink.js").Point} Point */

/**
 * Where the pen is at a moment.
 * @typedef {object} Moment
 * @property {number} x  a share of the sheet's side
 * @property {number} y
 * @property {number} time  milliseconds
 * @property {number | null} pressure  0 to 1, of a pen that feels it
 */

/**
 * A line's width as a share of the sheet's side, drawn at an even pace.
 * @type {Record<string, number>}
 */
export const PENS = { thin: 0.036, medium: 0.055, thick: 0.08 };

/** How much wider a resting pen draws, and how much narrower a fast one. */
const WIDTH_AT_REST = 1.12;
const WIDTH_AT_SPEED = 0.84;
/** Sides per millisecond from which a pen is fast. */
const FAST = 0.005;
/** Nearer points than this say more about the hand's tremor than about its way. */
const NEAREST = 0.003;

/** A stroke on its way. Its width is the pen's when it began. */
export class Stroke {
  /** @type {Point[]} */ points = [];
  #width;
  #time = 0;

  /** @param {number} width a share of the sheet's side */
  constructor(width) {
    this.#width = width;
  }

  /**
   * @param {Moment} moment
   * @returns {boolean} whether the pen has moved
   */
  add(moment) {
    const point = this.#follow(this.points.at(-1), this.#time, moment);
    if (!point) return false;
    this.points.push(point);
    this.#time = moment.time;
    return true;
  }

  /**
   * Where the line would go, to be drawn until it's known.
   * @param {Moment[]} moments
   * @returns {Point[]} begins with the stroke's own last two, for the curve to go on
   */
  predict(moments) {
    const points = this.points.slice(-2);
    let time = this.#time;
    for (const moment of moments) {
      const point = this.#follow(points.at(-1), time, moment);
      if (!point) continue;
      points.push(point);
      time = moment.time;
    }
    return points;
  }

  /**
   * @param {Point | undefined} last
   * @param {number} time the last point's
   * @param {Moment} moment
   * @returns {Point | null}
   */
  #follow(last, time, moment) {
    const { x, y } = moment;
    const way = last ? Math.hypot(x - last.x, y - last.y) : 0;
    if (last && way < NEAREST) return null;
    const target = this.#width * widthFactor(moment, way / Math.max(1, moment.time - time));
    // Ink follows the hand's change of pace slowly.
    return { x, y, width: last ? 0.75 * last.width + 0.25 * target : target };
  }
}

/**
 * A pen's pressure decides the width; a mouse and a finger have none, so their pace does.
 *
 * @param {Moment} moment
 * @param {number} pace sides per millisecond
 */
function widthFactor({ pressure }, pace) {
  if (pressure) return 0.6 + 0.8 * pressure;
  return WIDTH_AT_REST + (WIDTH_AT_SPEED - WIDTH_AT_REST) * Math.min(1, pace / FAST);
}

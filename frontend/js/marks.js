// @ts-check

/** @typedef {import("./ink.js").Point} Point */

/**
 * One thing on the sheet: a stroke of the pen, or the ink of a picture.
 * @typedef {{ points: Point[] } | { ink: HTMLCanvasElement }} Mark
 */

/** Of a stroke that is written down: a tenth of a pixel of a large pad. */
const STEPS = 10_000;
/** Of points: what somebody draws in a minute or so. Beyond, the drawing is not written down. */
const LONGEST_TEXT = 200_000;

/**
 * What lies on the sheet, and the way there and back.
 *
 * Each change makes a new list and leaves the old one as it is, so that to undo is to look at an
 * older list. The marks themselves are shared.
 */
export class Marks {
  /** @type {readonly Mark[]} */ #now = [];
  /** @type {(readonly Mark[])[]} */ #past = [];
  /** @type {(readonly Mark[])[]} */ #future = [];

  /** Bottom first. */
  get list() {
    return this.#now;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** @param {Mark} mark */
  add(mark) {
    this.#change([...this.#now, mark]);
  }

  /** @param {Mark} mark */
  remove(mark) {
    this.#change(this.#now.filter((each) => each !== mark));
  }

  /** @param {Mark[]} marks instead of all that is there */
  replace(marks) {
    this.#change(marks);
  }

  /** @returns {boolean} whether there was anything to undo */
  undo() {
    return this.#turn(this.#past, this.#future);
  }

  /** @returns {boolean} whether there was anything to redo */
  redo() {
    return this.#turn(this.#future, this.#past);
  }

  /** Undo the last change, as if it had never been. */
  retract() {
    this.undo();
    this.#future.pop();
  }

  /** @param {readonly Mark[]} marks */
  #change(marks) {
    this.#past.push(this.#now);
    this.#future = [];
    this.#now = marks;
  }

  /**
   * @param {(readonly Mark[])[]} from
   * @param {(readonly Mark[])[]} to
   */
  #turn(from, to) {
    const marks = from.pop();
    if (!marks) return false;
    to.push(this.#now);
    this.#now = marks;
    return true;
  }
}

/**
 * Marks as a text, to be read again after the page was loaded anew.
 * @param {readonly Mark[]} marks
 * @returns {string} empty if there are none, or too many
 */
export function writeMarks(marks) {
  const text = JSON.stringify(
    marks.map((mark) =>
      "points" in mark
        ? mark.points.flatMap(({ x, y, width }) => [x, y, width].map(toSteps))
        : mark.ink.toDataURL("image/png").split(",")[1],
    ),
  );
  return marks.length > 0 && text.length <= LONGEST_TEXT ? text : "";
}

/**
 * @param {string | null} text as `writeMarks` makes it, or anything else
 * @param {() => HTMLCanvasElement} newCanvas
 * @returns {Promise<Mark[]>} none if it was anything else
 */
export async function readMarks(text, newCanvas) {
  if (!text) return [];
  try {
    return await Promise.all(
      JSON.parse(text).map((/** @type {unknown} */ mark) =>
        typeof mark === "string" ? readInk(mark, newCanvas()) : readStroke(mark),
      ),
    );
  } catch {
    return []; // another version's, perhaps
  }
}

/**
 * @param {unknown} numbers three to a point
 * @returns {Mark}
 */
function readStroke(numbers) {
  if (!Array.isArray(numbers) || numbers.length === 0 || numbers.length % 3 > 0) throw TypeError();
  if (!numbers.every((each, i) => Number.isFinite(each) && (i % 3 < 2 || each > 0))) {
    throw TypeError();
  }
  return {
    points: Array.from({ length: numbers.length / 3 }, (_, i) => {
      const [x, y, width] = numbers.slice(3 * i, 3 * i + 3).map((each) => each / STEPS);
      return { x, y, width };
    }),
  };
}

/**
 * @param {string} png in base64
 * @param {HTMLCanvasElement} canvas a new one
 * @returns {Promise<Mark>}
 */
async function readInk(png, canvas) {
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  return { ink: canvas };
}

/** @param {number} share */
function toSteps(share) {
  return Math.round(share * STEPS);
}

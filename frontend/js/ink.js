// @ts-check
/**
 * What a pen leaves behind: points to a smooth line of varying width, and a picture to its ink.
 *
 * Coordinates are shares of the sheet's side: 0 to 1, x to the right and y down.
 */

/**
 * Where the pen was.
 * @typedef {object} Point
 * @property {number} x
 * @property {number} y
 * @property {number} width  of the line there, a share of the sheet's side
 */

/** The length of the straight pieces that a curve is drawn in: under two pixels of a large pad. */
const PIECE = 0.004;

/**
 * The outline of a stroke, to be filled.
 *
 * The curve goes through the middles between neighbouring points, with the points themselves as
 * the quadratic curves' controls: it bends nowhere sharply, and a new point changes only its end.
 *
 * @param {readonly Point[]} points at least one
 * @param {number} [first] the piece to begin with, as many as there are points: 0 for the whole
 *   stroke, or the last that was drawn before, to add what has come since
 */
export function outlineStroke(points, first = 0) {
  const path = new Path2D();
  const last = points.length - 1;
  if (last === 0) {
    addCapsule(path, points[0], points[0]);
    return path;
  }
  for (let i = Math.max(0, first); i <= last; i++) {
    const start = i === 0 ? points[0] : middle(points[i - 1], points[i]);
    const end = i === last ? points[last] : middle(points[i], points[i + 1]);
    addCurve(path, start, points[i], end);
  }
  return path;
}

/** How near to a line's middle somebody has to point who means it, where it's thin. */
const REACH = 0.03;

/**
 * Whether a place is on a stroke, or as good as on it.
 *
 * @param {readonly Point[]} points at least one
 * @param {{ x: number, y: number }} place
 */
export function touches(points, place) {
  return points.some((point, i) => {
    const { x, y, width } = points[Math.max(0, i - 1)];
    const [dx, dy] = [point.x - x, point.y - y];
    const along = ((place.x - x) * dx + (place.y - y) * dy) / (dx * dx + dy * dy || 1);
    const t = Math.min(1, Math.max(0, along));
    return Math.hypot(x + t * dx - place.x, y + t * dy - place.y) < Math.max(REACH, width / 2);
  });
}

/**
 * @param {Point} a
 * @param {Point} b
 * @returns {Point}
 */
function middle(a, b) {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, width: (a.width + b.width) / 2 };
}

/**
 * @param {Path2D} path
 * @param {Point} start
 * @param {Point} control
 * @param {Point} end
 */
function addCurve(path, start, control, end) {
  const length =
    Math.hypot(control.x - start.x, control.y - start.y) +
    Math.hypot(end.x - control.x, end.y - control.y);
  const pieces = Math.max(1, Math.ceil(length / PIECE));
  let from = start;
  for (let i = 1; i <= pieces; i++) {
    const t = i / pieces;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2];
    const to = {
      x: a * start.x + b * control.x + c * end.x,
      y: a * start.y + b * control.y + c * end.y,
      width: a * start.width + b * control.width + c * end.width,
    };
    addCapsule(path, from, to);
    from = to;
  }
}

/**
 * A piece with round ends. All pieces turn the same way, so that none cuts a hole into another.
 *
 * @param {Path2D} path
 * @param {Point} from
 * @param {Point} to
 */
function addCapsule(path, from, to) {
  const across = Math.atan2(to.y - from.y, to.x - from.x) + Math.PI / 2;
  path.moveTo(
    from.x + (Math.cos(across) * from.width) / 2,
    from.y + (Math.sin(across) * from.width) / 2,
  );
  path.arc(from.x, from.y, from.width / 2, across, across + Math.PI);
  path.arc(to.x, to.y, to.width / 2, across + Math.PI, across + 2 * Math.PI);
  path.closePath();
}

/**
 * A picture's ink alone: how much of it there is at each pixel, as the alpha of a canvas.
 *
 * @param {ImageBitmap} image dark on light or light on dark; its rim tells which
 * @param {HTMLCanvasElement} canvas a new one, which takes the ink
 * @returns {HTMLCanvasElement} the same canvas, of the image's size
 */
export function extractInk(image, canvas) {
  canvas.width = image.width;
  canvas.height = image.height;
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d", { willReadFrequently: true })
  );
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, image.width, image.height);
  const { data } = pixels;
  const paperIsLight = rimBrightness(data, image.width, image.height) > 127;
  for (let i = 0; i < data.length; i += 4) {
    const brightness = brightnessAt(data, i);
    const ink = paperIsLight ? 255 - brightness : brightness;
    data[i + 3] = (ink * data[i + 3]) / 255;
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/**
 * A picture's ink in a colour.
 *
 * @param {HTMLCanvasElement} ink as `extractInk` leaves it
 * @param {string} color
 * @param {HTMLCanvasElement} canvas a new one, which takes the coloured ink
 * @returns {HTMLCanvasElement} the same canvas
 */
export function tintInk(ink, color, canvas) {
  canvas.width = ink.width;
  canvas.height = ink.height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.drawImage(ink, 0, 0);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = color;
  context.fillRect(0, 0, ink.width, ink.height);
  return canvas;
}

/**
 * Mean brightness of the first and last row, 0 to 255.
 *
 * @param {Uint8ClampedArray} data RGBA
 * @param {number} width
 * @param {number} height
 */
function rimBrightness(data, width, height) {
  let sum = 0;
  for (let x = 0; x < width; x++) {
    sum += brightnessAt(data, 4 * x) + brightnessAt(data, 4 * ((height - 1) * width + x));
  }
  return sum / (2 * width);
}

/**
 * @param {Uint8ClampedArray} data RGBA
 * @param {number} i the pixel's first byte
 */
function brightnessAt(data, i) {
  return 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
}

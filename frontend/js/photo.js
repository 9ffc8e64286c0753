// @ts-check
/** What is sent of a file: itself, or of a large photo a smaller one that reads the same. */

import { Problem } from "./client.js";
import { sniffFormat } from "./format.js";

/** What the API takes in a request: functions/recognition/limits.py. */
export const MAX_BYTES = 4 * 1024 * 1024;
const MAX_PIXELS = 25_000_000;
const MAX_SIDE = 65_535;

/** Bytes up to which a photo is no burden to a phone's network, and goes as it is. */
const LIGHT = 1024 * 1024;
/**
 * Pixels. The recogniser averages longer images down to this first, by a whole factor:
 * functions/recognition/preprocessing.py.
 */
const WORKING_SIDE = 400;
/**
 * How many of ours, across, it averages to one. What is sent keeps to the photo's own factor, so
 * that each of those pixels is of the same patch of paper: of 120 photos of 12 megapixels, none was
 * answered differently; of the same at 2,000 pixels, six were.
 */
const SHARPNESS = 6;
/** Of a JPEG: its traces are smaller than what that averaging leaves. */
const QUALITY = 0.9;
/** Pixels that a browser is asked to decode, four bytes each: phones take up to 108 million. */
const MAX_DECODED = 110_000_000;

/**
 * An image as it's sent.
 * @typedef {object} Photo
 * @property {Blob} blob
 * @property {number} width  pixels of it, upright; 0 if the browser can't show it
 * @property {number} height
 */

/**
 * Make of a file what is to be sent.
 *
 * Whatever the API can take goes byte for byte, but for photos that are heavier than they need be.
 * The rest is drawn anew, upright and smaller; and what the browser can't draw goes as it is, for
 * the API to judge.
 *
 * @param {Blob} file
 * @returns {Promise<Photo>} rejects with a Problem
 */
export async function preparePhoto(file) {
  const format = await sniffFormat(file).catch(() => {
    throw new Problem("file-gone", ""); // a folder, or moved or changed since it was chosen
  });
  const image = await openImage(file);
  if (image === null) {
    if (format === "HEIC") throw new Problem("heic", "");
    // Of smaller files the API itself says so: it reads images that are written as text, too.
    if (format === null && file.size > MAX_BYTES) throw new Problem("unsupported-image", "");
    return { blob: file, width: 0, height: 0 };
  }
  const { naturalWidth: width, naturalHeight: height } = image;
  const fits = width * height <= MAX_PIXELS && Math.max(width, height) <= MAX_SIDE;
  const isReadable = format !== null && format !== "HEIC";
  const asIs = { blob: file, width, height };
  if (isReadable && fits && file.size <= (format === "JPEG" ? LIGHT : MAX_BYTES)) return asIs;
  if (width * height > MAX_DECODED) throw new Problem("too-many-pixels", "");
  const scaled = await redraw(image, file, format).catch((error) => {
    console.warn("This image can't be drawn anew.", error);
    return null;
  });
  if (scaled && (!isReadable || !fits || scaled.blob.size < file.size)) return scaled;
  return asIs;
}

/**
 * An image of the browser's, or null for a file that it can't show. Its pixels come when they are
 * needed.
 *
 * @param {Blob} file
 */
async function openImage(file) {
  const image = new Image();
  const url = URL.createObjectURL(file);
  try {
    image.src = url;
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = reject;
    });
    return image.naturalWidth > 0 ? image : null;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * @param {HTMLImageElement} image it's upright, whatever the file's orientation
 * @param {Blob} file
 * @param {string | null} format the file's
 * @returns {Promise<Photo>}
 */
async function redraw(image, file, format) {
  const longer = Math.max(image.naturalWidth, image.naturalHeight);
  const scale = Math.min(1, SHARPNESS / Math.ceil(longer / WORKING_SIDE));
  const width = Math.max(1, Math.round(image.naturalWidth * scale));
  const height = Math.max(1, Math.round(image.naturalHeight * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("There is no canvas.");
  context.imageSmoothingQuality = "high";
  context.drawImage(await shrink(file, width, height).catch(() => image), 0, 0, width, height);
  // What may show through has to stay so: it's the API that chooses the paper behind it.
  const isOpaque = format === "JPEG" || format === "HEIC" || !hasHoles(context, width, height);
  const type = isOpaque ? "image/jpeg" : "image/png";
  return { blob: await canvas.convertToBlob({ type, quality: QUALITY }), width, height };
}

/**
 * Decode and scale aside, where the browser can: drawing the image itself would hold up the page.
 *
 * @param {Blob} file
 * @param {number} resizeWidth
 * @param {number} resizeHeight
 */
function shrink(file, resizeWidth, resizeHeight) {
  return createImageBitmap(file, {
    imageOrientation: "from-image",
    resizeWidth,
    resizeHeight,
    resizeQuality: "high",
  });
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 */
function hasHoles(context, width, height) {
  const { data } = context.getImageData(0, 0, width, height);
  for (let i = 3; i < data.length; i += 4) if (data[i] < 255) return true;
  return false;
}

// @ts-check
/** Images as text, small enough for a browser's storage; and back. */

/** Pixels of the longer side: as large as a drawing is sent, so that it can be read again. */
const SIDE = 280;
const QUALITY = 0.8;

/** A pixel of nothing, in place of an image that can't be shown or is not to be kept any more. */
export const NOTHING =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNg" +
  "YAAAAAMAASsJTYQAAAAASUVORK5CYII=";

/**
 * @param {Blob} image
 * @param {"drawing" | "picture"} kind a drawing is small as it is
 * @returns {Promise<string>} a data URL: `NOTHING` of what the browser can't show
 */
export async function makeThumbnail(image, kind) {
  if (kind === "drawing") return readDataUrl(image);
  const small = await shrink(image).catch(() => null);
  return small ? readDataUrl(small) : NOTHING;
}

/**
 * The image of a data URL. The page's policy lets nobody fetch one.
 *
 * @param {string} url in base64
 */
export function readThumbnail(url) {
  const [head, text] = url.split(",");
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: head.slice("data:".length, head.indexOf(";")) });
}

/** @param {Blob} image */
async function shrink(image) {
  const bitmap = await createImageBitmap(image);
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  // A JPEG has no holes: what shows through them is paper.
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((/** @type {(blob: Blob) => void} */ resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The picture became no thumbnail."))),
      "image/jpeg",
      QUALITY,
    );
  });
}

/**
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
function readDataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}

// @ts-check
/** What kind of image a file is, by its first bytes: a name or a declared type may be wrong. */

/** Bytes that tell. */
const HEAD = 16;

/** Brands of the phones' photos: HEIC, and the image files that it belongs to. */
const HEIC = ["heic", "heix", "heif", "heim", "heis", "hevc", "mif1", "msf1"];

/**
 * @param {Blob} file
 * @returns {Promise<"PNG" | "JPEG" | "WEBP" | "GIF" | "BMP" | "HEIC" | null>} all but the last
 *   two can be read by the API; rejects for a file that has gone
 */
export async function sniffFormat(file) {
  const head = String.fromCharCode(...new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "PNG";
  if (head.startsWith("\xff\xd8\xff")) return "JPEG";
  if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) return "WEBP";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "GIF";
  if (head.startsWith("BM")) return "BMP";
  if (head.startsWith("ftyp", 4) && HEIC.includes(head.slice(8, 12))) return "HEIC";
  return null;
}

// @ts-check
import { Problem } from "./client.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./reading.js").Failure} Failure */
/** @typedef {import("./seen.js").CutMarks} CutMarks */

/**
 * A way to give an image. It remembers its own last result, to show when it is selected.
 * @typedef {object} Source
 * @property {() => Blob | Promise<Blob> | null} image
 * @property {CutMarks} cut
 * @property {() => boolean} isEmpty
 * @property {() => void} clear
 * @property {(image: Blob, name: string) => Promise<void> | void} show
 * @property {Answer | Failure | null} result
 */

/**
 * @param {import("./pad.js").Pad} pad
 * @param {import("./upload.js").Upload} upload
 * @param {{ draw: CutMarks, upload: CutMarks }} cuts
 * @returns {Record<string, Source>} by their tabs' names
 */
export function listSources(pad, upload, cuts) {
  return {
    draw: {
      image: () => pad.toBlob(),
      cut: cuts.draw,
      isEmpty: () => pad.isEmpty,
      clear: () => pad.clear(),
      show: async (image) => pad.paint(await createImageBitmap(image)),
      result: null,
    },
    upload: {
      image: () => upload.image(),
      cut: cuts.upload,
      isEmpty: () => upload.isEmpty,
      clear: () => upload.clear(),
      show: (image, name) => upload.show(image, name),
      // Of several files, each has its own.
      get result() {
        const { result } = upload;
        const again = /** @type {const} */ ("never");
        return result instanceof Problem ? { problem: result, again } : result;
      },
      set result(result) {
        upload.result = result && "problem" in result ? result.problem : result;
      },
    },
  };
}

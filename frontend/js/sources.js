// @ts-check
import { Problem } from "./client.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./reading.js").Failure} Failure */
/** @typedef {import("./seen.js").CutMarks} CutMarks */

/**
 * A way to give an image. It remembers its own last result, to show when it is selected.
 * @typedef {object} Source
 * @property {() => import("./reading.js").Question | null} question
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
  /** What is known of the uploads' problems beside them. @type {WeakMap<Problem, Failure>} */
  const failures = new WeakMap();
  return {
    draw: {
      question: () => ({ image: pad.toBlob(), version: pad.version }),
      cut: cuts.draw,
      isEmpty: () => pad.isEmpty,
      clear: () => pad.clear(),
      show: async (image) => pad.paint(await createImageBitmap(image)),
      result: null,
    },
    upload: {
      question: () => {
        const image = upload.image();
        return image && { image, version: image };
      },
      cut: cuts.upload,
      isEmpty: () => upload.isEmpty,
      clear: () => upload.clear(),
      show: (image, name) => upload.show(image, name),
      // Of several files, each has its own.
      get result() {
        const { result } = upload;
        if (!(result instanceof Problem)) return result;
        return failures.get(result) ?? { problem: result, again: "never", keep: "" };
      },
      set result(result) {
        if (result && "problem" in result) failures.set(result.problem, result);
        upload.result = result && "problem" in result ? result.problem : result;
      },
    },
  };
}

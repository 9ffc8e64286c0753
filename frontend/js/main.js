// @ts-check
/** Wires the page together. It alone touches the document at large. */

import { AnswerView } from "./answer.js";
import { Client, Problem } from "./client.js";
import { ExamplesView } from "./examples-view.js";
import { Examples } from "./examples.js";
import { keepPage } from "./installing.js";
import { Language } from "./language.js";
import { recall, remember } from "./memory.js";
import { Pad } from "./pad.js";
import { Reading, toProblem } from "./reading.js";
import { CutMarks } from "./seen.js";
import { IMAGE_SIDE } from "./sheet.js";
import { Tabs } from "./tabs.js";
import { Upload } from "./upload.js";

/** Where the drawing is kept while the page is loaded anew. */
const DRAWING = "inkling.drawing";

const language = new Language(document.documentElement);
const client = new Client();
const examples = new Examples(client);
const tabs = new Tabs(find("modes"), [find("draw"), find("upload")]);
const pad = new Pad(/** @type {HTMLCanvasElement} */ (find("pad")));
const upload = new Upload(find("upload"), find("files"), document, window, language);
const view = new AnswerView(find("answer"), language);
const gallery = new ExamplesView(find("examples"), language);
const reading = new Reading(client, () => modes[tabs.selected].image(), window);

/**
 * The two ways to give an image. Each remembers its own last result, to show when it is selected.
 * @type {Record<string, { image: () => Blob | Promise<Blob> | null, clear: () => void,
 *   show: (image: Blob, name: string) => Promise<void> | void,
 *   cut: CutMarks,
 *   result: import("./client.js").Answer | import("./reading.js").Failure | null }>}
 */
const modes = {
  draw: {
    image: () => pad.toBlob(),
    cut: new CutMarks(find("draw-cut"), { width: IMAGE_SIDE, height: IMAGE_SIDE }),
    clear: () => pad.clear(),
    show: async (image) => pad.paint(await createImageBitmap(image)),
    result: null,
  },
  upload: {
    image: () => upload.image(),
    cut: new CutMarks(find("upload-cut"), /** @type {HTMLImageElement} */ (find("preview"))),
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

/** Counts what makes an example on its way unwanted: another, a stroke, a choice. */
let turn = 0;

pad.addEventListener("strokestart", () => {
  interrupt();
  showDrawing();
  view.showStale();
});
pad.addEventListener("rest", () => reading.soon(pad.version, 0));
pad.addEventListener("change", () => {
  showDrawing();
  if (pad.isEmpty) forget("draw");
  else if (tabs.selected === "draw" && reading.soon(pad.version)) view.showStale();
});
addEventListener("pagehide", () => remember(DRAWING, pad.save(), "sessionStorage"));
pad.restore(recall(DRAWING, "sessionStorage"));

upload.addEventListener("image", () => {
  interrupt();
  if (tabs.selected === "upload") showOrAsk();
  else tabs.select("upload"); // which does the same
});
upload.addEventListener("result", () => {
  if (tabs.selected === "upload") show(modes.upload.result);
});
upload.addEventListener("waiting", () => {
  if (tabs.selected === "upload") view.showWaiting();
});
upload.addEventListener("clear", () => forget("upload"));

tabs.addEventListener("select", () => {
  interrupt();
  showOrAsk();
});

find("recognise").addEventListener("click", () => {
  // What is too large for a question is uploaded, which keeps it as well.
  if (tabs.selected === "draw" || !upload.upload()) reading.now({ keep: true });
});
find("clear").addEventListener("click", () => modes[tabs.selected].clear());
gallery.addEventListener("choose", (event) => {
  showExample(/** @type {CustomEvent<number>} */ (event).detail);
});

// What answers by itself is not kept: half a 4 is nobody's digit, and nobody asked.
reading.addEventListener("waiting", () => view.showWaiting());
for (const kind of ["answer", "problem"]) {
  reading.addEventListener(kind, (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    modes[tabs.selected].result = detail;
    show(detail);
  });
}

/** @param {number} digit */
async function showExample(digit) {
  interrupt();
  const mine = turn;
  const mode = modes[tabs.selected];
  try {
    const image = await examples.load(digit);
    if (mine === turn) await mode.show(image, language.strings.examples.name(digit));
  } catch (error) {
    if (mine === turn) show({ problem: toProblem(error), again: "never" });
  }
}

/** Whatever was under way is no longer wanted. */
function interrupt() {
  for (const { cut } of Object.values(modes)) cut.show(null);
  turn += 1;
  reading.cancel();
}

/** @param {string} mode */
function forget(mode) {
  interrupt();
  modes[mode].result = null;
  show(null);
}

/** What the selected mode holds has an answer, or is to have one. */
function showOrAsk() {
  const { result } = modes[tabs.selected];
  const isEmpty = tabs.selected === "draw" ? pad.isEmpty : upload.isEmpty;
  if (tabs.selected === "upload" && upload.isBusy) view.showWaiting();
  else if (result || isEmpty) show(result);
  else reading.now();
}

/** @param {typeof modes[string]["result"]} result */
function show(result) {
  modes[tabs.selected].cut.show(result && "box" in result ? result.box : null);
  if (result === null) view.showEmpty();
  else if ("problem" in result) view.showProblem(result.problem);
  else view.showAnswer(result);
}

function showDrawing() {
  find("draw").dataset.state = pad.isEmpty ? "empty" : "drawn";
}

const languages = /** @type {HTMLSelectElement} */ (find("language"));
languages.addEventListener("change", () => language.select(languages.value));
language.addEventListener("change", () => {
  languages.value = language.code;
});
language.start(navigator.languages);

keepPage();

/** @param {string} id */
function find(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element #${id}.`);
  return element;
}

// @ts-check
/** Wires the page together. It alone touches the document at large. */

import { AnswerView } from "./answer.js";
import { Client, Problem } from "./client.js";
import { ExamplesView } from "./examples-view.js";
import { Examples } from "./examples.js";
import { Language } from "./language.js";
import { Pad } from "./pad.js";
import { Tabs } from "./tabs.js";
import { Upload } from "./upload.js";

/** Milliseconds from the end of a stroke to the question: a 4 has two strokes. */
const PAUSE = 300;

const language = new Language(document.documentElement);
const client = new Client();
const examples = new Examples(client);
const tabs = new Tabs(find("modes"), [find("draw"), find("upload")]);
const pad = new Pad(/** @type {HTMLCanvasElement} */ (find("pad")));
const upload = new Upload(find("upload"), document);
const view = new AnswerView(find("answer"));
const gallery = new ExamplesView(find("examples"), language);

/**
 * The two ways to give an image. Each remembers its own last result, to show when it is selected.
 * @type {Record<string, { image: () => Blob | Promise<Blob> | null, clear: () => void,
 *   show: (image: Blob, name: string) => Promise<void> | void,
 *   result: import("./client.js").Answer | Problem | null }>}
 */
const modes = {
  draw: {
    image: () => pad.toBlob(),
    clear: () => pad.clear(),
    show: async (image) => pad.paint(await createImageBitmap(image)),
    result: null,
  },
  upload: {
    image: () => upload.file,
    clear: () => upload.clear(),
    show: (image, name) => upload.show(image, name),
    result: null,
  },
};

let timer = 0;
/** Counts what makes an example on its way unwanted: another, a stroke, a choice. */
let turn = 0;

pad.addEventListener("strokestart", () => {
  interrupt();
  showDrawing();
  view.showStale();
});
pad.addEventListener("strokeend", () => {
  clearTimeout(timer);
  timer = setTimeout(read, PAUSE);
});
pad.addEventListener("paint", () => {
  showDrawing();
  read();
});
pad.addEventListener("clear", () => {
  showDrawing();
  forget("draw");
});

upload.addEventListener("image", () => {
  interrupt();
  modes.upload.result = null;
  if (tabs.selected === "upload") read();
  else tabs.select("upload"); // which asks, for want of a result
});
upload.addEventListener("clear", () => forget("upload"));

tabs.addEventListener("select", () => {
  interrupt();
  const mode = modes[tabs.selected];
  const isEmpty = tabs.selected === "draw" ? pad.isEmpty : upload.file === null;
  if (mode.result || isEmpty) show(mode.result);
  else read();
});

find("recognise").addEventListener("click", () => read({ keep: true }));
find("clear").addEventListener("click", () => modes[tabs.selected].clear());
gallery.addEventListener("choose", (event) => {
  showExample(/** @type {CustomEvent<number>} */ (event).detail);
});

/**
 * Ask for the digit in what the selected mode holds, and show what comes.
 *
 * What answers by itself is not kept: half a 4 is nobody's digit, and nobody asked.
 */
async function read({ keep } = { keep: false }) {
  clearTimeout(timer);
  const mode = modes[tabs.selected];
  const image = mode.image();
  if (image === null) {
    client.cancel();
    view.showProblem(new Problem("missing-image", ""));
    return;
  }
  view.showWaiting();
  try {
    mode.result = await client.recognise(image, { keep });
  } catch (error) {
    // An aborted question has been followed by another, or is no longer wanted.
    if (error instanceof DOMException && error.name === "AbortError") return;
    mode.result = toProblem(error);
  }
  show(mode.result);
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
    if (mine === turn) view.showProblem(toProblem(error));
  }
}

/** Whatever was under way is no longer wanted. */
function interrupt() {
  turn += 1;
  clearTimeout(timer);
  client.cancel();
}

/** @param {string} mode */
function forget(mode) {
  interrupt();
  modes[mode].result = null;
  show(null);
}

/** @param {import("./client.js").Answer | Problem | null} result */
function show(result) {
  if (result === null) view.showEmpty();
  else if (result instanceof Problem) view.showProblem(result);
  else view.showAnswer(result);
}

function showDrawing() {
  find("draw").dataset.state = pad.isEmpty ? "empty" : "drawn";
}

/** @param {unknown} error */
function toProblem(error) {
  if (error instanceof Problem) return error;
  console.error(error);
  return new Problem("unexpected", "");
}

const languages = /** @type {HTMLSelectElement} */ (find("language"));
languages.addEventListener("change", () => language.select(languages.value));
language.addEventListener("change", () => {
  languages.value = language.code;
});
language.start(navigator.languages);

/** @param {string} id */
function find(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element #${id}.`);
  return element;
}

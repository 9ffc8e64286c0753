// @ts-check
/** Wires the page together. It alone touches the document at large. */

import { AnswerView } from "./answer.js";
import { Client, Problem } from "./client.js";
import { Corrections } from "./corrections.js";
import { Eraser } from "./eraser.js";
import { ExamplesView } from "./examples-view.js";
import { Examples } from "./examples.js";
import { HistoryView } from "./history-view.js";
import { History, findStorage } from "./history.js";
import { keepPage } from "./installing.js";
import { KeyboardPen } from "./keyboard-pen.js";
import { Language } from "./language.js";
import { recall, remember } from "./memory.js";
import { NetworkNote } from "./network.js";
import { Notes } from "./notes.js";
import { Pad } from "./pad.js";
import { Reading, toProblem } from "./reading.js";
import { CutMarks } from "./seen.js";
import { IMAGE_SIDE } from "./sheet.js";
import { Switch } from "./switch.js";
import { Tabs } from "./tabs.js";
import { Tools } from "./tools.js";
import { Upload } from "./upload.js";

/** Where the drawing is kept while the page is loaded anew. */
const DRAWING = "inkling.drawing";
/** Likewise, which entry of the history it is. */
const DRAWING_ENTRY = "inkling.drawing.entry";

const language = new Language(document.documentElement);
const client = new Client();
const examples = new Examples(client);
const tabs = new Tabs(find("modes"), [find("draw"), find("upload")]);
const pad = new Pad(/** @type {HTMLCanvasElement} */ (find("pad")));
const keyboardPen = new KeyboardPen(find("draw"), pad, language);
const tools = new Tools(find("tools"), find("pad"), language);
const live = new Switch(find("live"), "inkling.live");
const network = new NetworkNote(find("offline"), window, language);
const upload = new Upload(find("upload"), find("files"), document, window, language);
const view = new AnswerView(find("answer"), language);
const gallery = new ExamplesView(find("examples"), language);
const history = new History(findStorage(), window);
const notes = new Notes(history);
const corrections = new Corrections(client, history);
const eraser = new Eraser(client, history, window);
const historyView = new HistoryView(find("history"), history, eraser, language);
const reading = new Reading(client, () => modes[tabs.selected].image(), window);

/**
 * The two ways to give an image. Each remembers its own last result, to show when it is selected.
 * @type {Record<string, { image: () => Blob | Promise<Blob> | null,
 *   isEmpty: () => boolean, clear: () => void,
 *   show: (image: Blob, name: string) => Promise<void> | void,
 *   cut: CutMarks,
 *   result: import("./client.js").Answer | import("./reading.js").Failure | null }>}
 */
const modes = {
  draw: {
    image: () => pad.toBlob(),
    cut: new CutMarks(find("draw-cut"), { width: IMAGE_SIDE, height: IMAGE_SIDE }),
    isEmpty: () => pad.isEmpty,
    clear: () => pad.clear(),
    show: async (image) => pad.paint(await createImageBitmap(image)),
    result: null,
  },
  upload: {
    image: () => upload.image(),
    cut: new CutMarks(find("upload-cut"), /** @type {HTMLImageElement} */ (find("preview"))),
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

/** The answer that is on the screen, if there is one. */
/** @type {import("./client.js").Answer | null} */
let shown = null;
/** Counts what makes an example on its way unwanted: another, a stroke, a choice. */
let turn = 0;

pad.addEventListener("strokestart", () => {
  interrupt();
  showDrawing();
  view.showStale();
});
pad.addEventListener("rest", () => {
  // Between two keys everybody pauses.
  if (live.isOn && !keyboardPen.isDown) reading.soon(pad.version, 0);
});
pad.addEventListener("change", () => {
  showDrawing();
  if (pad.isEmpty) {
    forget("draw");
  } else if (!live.isOn) {
    modes.draw.result = null;
    if (tabs.selected === "draw") showOrAsk();
  } else if (tabs.selected === "draw" && reading.soon(pad.version)) {
    modes.draw.result = null;
    view.showStale();
  }
});
addEventListener("pagehide", () => {
  remember(DRAWING, pad.save(), "sessionStorage");
  remember(DRAWING_ENTRY, notes.drawingKey ?? "", "sessionStorage");
});
pad.restore(recall(DRAWING, "sessionStorage")).then((isRestored) => {
  if (isRestored) notes.resume(recall(DRAWING_ENTRY, "sessionStorage"), pad.version);
});

upload.addEventListener("image", () => {
  interrupt();
  if (tabs.selected === "upload") showOrAsk();
  else tabs.select("upload"); // which does the same
});
upload.addEventListener("note", () => tabs.select("upload"));
upload.addEventListener("result", () => {
  if (tabs.selected === "upload") show(modes.upload.result);
});
upload.addEventListener("waiting", () => {
  if (tabs.selected === "upload") view.showWaiting();
});
upload.addEventListener("clear", () => forget("upload"));

tabs.addEventListener("select", () => {
  interrupt();
  updateTools();
  showOrAsk();
});

tools.addEventListener("undo", () => pad.undo());
tools.addEventListener("redo", () => pad.redo());
tools.addEventListener("clear", () => modes[tabs.selected].clear());
tools.addEventListener("pen", () => {
  pad.pen = tools.pen;
});
pad.pen = tools.pen;
tools.addEventListener("recognise", () => {
  // What is too large for a question is uploaded, which keeps it as well.
  if (tabs.selected === "draw" || !upload.upload()) reading.now({ keep: true });
});
live.addEventListener("change", showOrAsk);
gallery.addEventListener("choose", (event) => {
  showExample(/** @type {CustomEvent<number>} */ (event).detail);
});

// What answers by itself is not kept: half a 4 is nobody's digit, and nobody asked.
reading.addEventListener("waiting", () => view.showWaiting());
for (const kind of ["answer", "problem"]) {
  reading.addEventListener(kind, (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    modes[tabs.selected].result = detail;
    if (kind === "answer") network.refute();
    if (kind === "answer" && tabs.selected === "draw") {
      notes.noteDrawing(detail, pad.toBlob(), pad.version);
    }
    show(detail);
  });
}
upload.addEventListener("read", (event) => {
  const { answer, image, name } = /** @type {CustomEvent} */ (event).detail;
  notes.noteFile(answer, image, name);
});
historyView.addEventListener("choose", (event) => {
  showEntry(/** @type {CustomEvent} */ (event).detail);
});
view.addEventListener("correct", (event) => {
  correct(/** @type {CustomEvent} */ (event).detail.digit);
});

/** @param {number} digit */
async function showExample(digit) {
  interrupt();
  const mine = turn;
  const mode = modes[tabs.selected];
  try {
    const image = await examples.load(digit);
    if (mine !== turn) return;
    if (mode === modes.draw) notes.begin();
    await mode.show(image, language.strings.examples.name(digit));
  } catch (error) {
    if (mine === turn) show({ problem: toProblem(error), again: "never" });
  }
}

/**
 * What was read before, with its answer: nobody is asked again.
 * @param {import("./history.js").Entry} entry
 */
async function showEntry(entry) {
  interrupt();
  const mine = turn;
  const { answer, kind, key, label } = entry;
  const image = notes.recall(entry);
  if (kind === "drawing") {
    const bitmap = await createImageBitmap(image);
    if (mine !== turn) return;
    pad.paint(bitmap);
    interrupt(); // what was painted is not asked about
    notes.begin(key, pad.version);
    modes.draw.result = answer;
    if (tabs.selected === "draw") show(answer);
    else tabs.select("draw");
  } else {
    upload.show(image, entry.name, answer);
  }
  if (label !== null) view.showCorrected(label);
  find("draw").scrollIntoView({ block: "nearest" });
}

/**
 * It is another digit, or it's the right one. What is said goes to the answer that is on the
 * screen, even while the next is on its way.
 *
 * @param {number} digit
 */
async function correct(digit) {
  const answer = shown;
  const subject = answer && notes.find(answer);
  if (!subject) return;
  try {
    await corrections.correct(subject, digit);
    if (answer !== shown) return;
    notes.follow(subject);
    modes[tabs.selected].result = subject.answer;
    show(subject.answer);
    view.showCorrected(digit);
  } catch (error) {
    toProblem(error); // what nobody expected is in the console
    if (answer === shown) view.showCorrectionFailed();
    else historyView.showCorrectionFailed();
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
  if (mode === "draw") notes.begin();
  modes[mode].result = null;
  show(null);
}

/** What the selected mode holds has an answer, or is to have one. */
function showOrAsk() {
  const { result, isEmpty } = modes[tabs.selected];
  if (tabs.selected === "upload" && upload.isBusy) view.showWaiting();
  else if (result || isEmpty() || !live.isOn) show(result);
  else reading.now();
}

/** @param {typeof modes[string]["result"]} result */
function show(result) {
  shown = result && "outcome" in result ? result : null;
  modes[tabs.selected].cut.show(result && "box" in result ? result.box : null);
  if (result === null && live.isOn) view.showEmpty();
  else if (result === null) view.showUnasked();
  else if ("problem" in result) view.showProblem(result.problem, result.again);
  else view.showAnswer(result);
}

function showDrawing() {
  find("draw").dataset.state = pad.isEmpty ? "empty" : "drawn";
  updateTools();
}

function updateTools() {
  const draws = tabs.selected === "draw";
  tools.update({
    undo: draws && pad.canUndo,
    redo: draws && pad.canRedo,
    draws,
  });
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

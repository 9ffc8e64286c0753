// @ts-check
/** Wires the page together. It alone touches the document at large. */

import { AnswerView } from "./answer.js";
import { Client } from "./client.js";
import { Corrections } from "./corrections.js";
import { Desk } from "./desk.js";
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
import { Reading } from "./reading.js";
import { CutMarks } from "./seen.js";
import { IMAGE_SIDE } from "./sheet.js";
import { listSources } from "./sources.js";
import { Switch } from "./switch.js";
import { Tabs } from "./tabs.js";
import { Tools } from "./tools.js";
import { Upload } from "./upload.js";

/** Where the drawing is kept while the page is loaded anew. */
const DRAWING = "inkling.drawing";
/** Likewise, which entry of the history it is. */
const DRAWING_ENTRY = "inkling.drawing.entry";
/** Before that, while a page goes on with it: a duplicate of the tab, with all that it remembers. */
const IN_USE = "=";

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
const sources = listSources(pad, upload, {
  draw: new CutMarks(find("draw-cut"), { width: IMAGE_SIDE, height: IMAGE_SIDE }),
  upload: new CutMarks(find("upload-cut"), /** @type {HTMLImageElement} */ (find("preview"))),
});
const reading = new Reading(client, () => sources[tabs.selected].question(), window);
const answering = { reading, view, notes, history, corrections };
const desk = new Desk({ sources, tabs, live, pad, upload, ...answering });

pad.addEventListener("strokestart", () => {
  desk.interrupt();
  showDrawing();
  view.showStale();
});
pad.addEventListener("rest", () => {
  // Between two keys everybody pauses.
  if (live.isOn && !keyboardPen.isDown) reading.soon(pad.version, 0);
});
pad.addEventListener("change", () => {
  showDrawing();
  desk.followDrawing();
});
addEventListener("pagehide", () => {
  remember(DRAWING, pad.save(), "sessionStorage");
  remember(DRAWING_ENTRY, notes.drawingKey ?? "", "sessionStorage");
});
const noted = recall(DRAWING_ENTRY, "sessionStorage") ?? "";
const entryKey = noted.replace(IN_USE, "") || null;
if (entryKey) remember(DRAWING_ENTRY, IN_USE + entryKey, "sessionStorage");
pad.restore(recall(DRAWING, "sessionStorage")).then((isRestored) => {
  if (!isRestored) return;
  if (noted.startsWith(IN_USE)) notes.begin(entryKey, pad.version);
  else notes.resume(entryKey, pad.version);
});

upload.addEventListener("image", () => {
  desk.interrupt();
  if (tabs.selected === "upload") desk.showOrAsk();
  else tabs.select("upload"); // which does the same
});
upload.addEventListener("note", () => tabs.select("upload"));
upload.addEventListener("list", () => {
  if (live.isOn) upload.start();
});
upload.addEventListener("result", () => {
  if (tabs.selected !== "upload") return;
  if (!reading.isKeeping) reading.cancel();
  desk.show(desk.source.result);
});
upload.addEventListener("waiting", () => {
  if (tabs.selected === "upload") view.showWaiting();
});
upload.addEventListener("clear", () => desk.forget("upload"));

tabs.addEventListener("select", () => {
  desk.interrupt();
  updateTools();
  desk.showOrAsk();
});

tools.addEventListener("undo", () => pad.undo());
tools.addEventListener("redo", () => pad.redo());
tools.addEventListener("clear", () => desk.source.clear());
tools.addEventListener("pen", () => {
  pad.pen = tools.pen;
});
pad.pen = tools.pen;
tools.addEventListener("recognise", () => desk.recognise());
view.addEventListener("again", () => desk.askAgain());
live.addEventListener("change", () => desk.followLive());
gallery.addEventListener("choose", (event) => {
  const { detail: digit } = /** @type {CustomEvent<number>} */ (event);
  desk.showExample(() => examples.load(digit), language.strings.examples.name(digit));
  showSheet();
});

// What answers by itself is not kept: half a 4 is nobody's digit, and nobody asked.
reading.addEventListener("waiting", () => view.showWaiting());
reading.addEventListener("answer", (event) => {
  const { answer, question } = /** @type {CustomEvent} */ (event).detail;
  network.refute();
  if (tabs.selected === "draw") notes.noteDrawing(answer, question.image, question.version);
  desk.take(answer);
});
reading.addEventListener("problem", (event) => {
  desk.take(/** @type {CustomEvent} */ (event).detail);
});
upload.addEventListener("read", (event) => {
  const { answer, image, name } = /** @type {CustomEvent} */ (event).detail;
  notes.noteFile(answer, image, name);
});
historyView.addEventListener("choose", async (event) => {
  const isShown = await desk.showEntry(/** @type {CustomEvent} */ (event).detail);
  if (isShown) showSheet();
});
history.addEventListener("change", () => desk.followHistory());
view.addEventListener("correct", async (event) => {
  const { digit } = /** @type {CustomEvent} */ (event).detail;
  if (!(await desk.correct(digit))) historyView.showCorrectionFailed();
});

/** On a phone it's far above what is tapped. */
function showSheet() {
  find(tabs.selected).scrollIntoView({ block: "nearest" });
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
find("stalled").remove();

/** @param {string} id */
function find(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element #${id}.`);
  return element;
}

// @ts-check
import { Picture } from "./seen.js";
import {
  describeAnswer,
  describeProblem,
  duration,
  findRival,
  joinWords,
  percent,
} from "./words.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./reading.js").Failure} Failure */
/** @typedef {import("./language.js").Language} Language */
/** @typedef {import("./words.js").Words} Words */

/** Milliseconds of waiting that need no words. */
const UNNOTICED = 400;

/**
 * The reading: a numeral, its rival if there is one, ten bars, the words beside them, and what the
 * model saw. The figures under the bars are buttons, by which a person says what is right.
 *
 * Its root's `data-state` is `empty`, `problem` or the answer's outcome, and `aria-busy` tells
 * that a newer answer is on its way; the style sheet does the rest. Dispatches `correct`, a
 * CustomEvent with `detail.digit`, and `again` when somebody wants to ask once more.
 */
export class AnswerView extends EventTarget {
  /** @type {HTMLElement} */ #root;
  /** @type {Language} */ #language;
  /** @type {Picture} */ #picture;
  /** @type {{ item: HTMLElement, button: HTMLButtonElement, share: HTMLElement }[]} */ #bars;
  /** @type {Answer | null} */ #answer = null;
  /** What is said of it, in any language. @type {() => Words} */ #describe;
  /** The right digits that were given, by their answers. @type {WeakMap<Answer, number>} */
  #given = new WeakMap();
  /** The right digit that was given before its answer was there. @type {number | null} */
  #early = null;
  #failed = false;
  /** Whether the server has a record of the answer. */
  #isKept = false;
  #timer = 0;

  /**
   * @param {HTMLElement} root holds an element for each `data-part` named below
   * @param {Language} language
   */
  constructor(root, language) {
    super();
    this.#root = root;
    this.#language = language;
    this.#picture = new Picture(/** @type {HTMLCanvasElement} */ (this.#part("pixels")));
    this.#bars = Array.from({ length: 10 }, (_, digit) => this.#addBar(digit));
    this.#describe = () => language.strings.answer.empty;
    this.#part("again").addEventListener("click", () => this.dispatchEvent(new Event("again")));
    this.#render();
    language.addEventListener("change", () => {
      this.#announce(""); // it was said, and what changes of it would be said again
      this.#render();
    });
  }

  showEmpty() {
    this.#show("empty", null, () => this.#language.strings.answer.empty);
    this.#announce("");
  }

  /** There is something to read, and nobody has asked. */
  showUnasked() {
    this.#show("empty", null, () => this.#language.strings.draw.unasked);
    this.#announce("");
  }

  /** There is nothing to read, and somebody has asked. */
  showNothing() {
    this.#show("empty", null, () => this.#language.strings.answer.blank);
    this.#announce(joinWords(this.#describe(), this.#language));
  }

  /** Keep what is shown, as yesterday's news: there is something else to read. */
  showStale() {
    this.#early = null;
    this.#renderCorrection();
    this.#await();
  }

  /** An answer is on its way; a slow one is said to be. */
  showWaiting() {
    this.#await();
    this.#timer = setTimeout(() => {
      this.#describe = () => this.#language.strings.answer.waiting;
      this.#renderWords();
    }, UNNOTICED);
  }

  /** @param {Answer} answer */
  showAnswer(answer) {
    const early = this.#early;
    this.#show(answer.outcome, answer, () => describeAnswer(answer, this.#language));
    this.#announce(joinWords(this.#describe(), this.#language));
    if (early !== null) this.#correct(early);
  }

  /**
   * @param {Pick<Failure, "problem" | "again">} failure
   * @param {boolean} isAskable whether it's a question that may be asked once more
   */
  showProblem({ problem, again }, isAskable) {
    // Without a network, or before a server's pause is over, it would be in vain.
    const offers = isAskable && again !== "online" && problem.pause === 0;
    this.#show("problem", null, () => describeProblem(problem, this.#language, again), offers);
    this.#announce(joinWords(this.#describe(), this.#language));
  }

  /** The answer's right digit is kept. @param {number} digit */
  showCorrected(digit) {
    if (!this.#answer) return;
    this.#given.set(this.#answer, digit);
    this.#failed = false;
    this.#renderCorrection();
    this.#announce(this.#language.strings.answer.corrected(digit));
  }

  /** @param {boolean} isKept whether the server still has a record of the answer */
  showKept(isKept) {
    this.#isKept = isKept;
    this.#renderKept();
  }

  /** The answer's right digit could not be kept. */
  showCorrectionFailed() {
    this.#failed = true;
    this.#renderCorrection();
    this.#announce(this.#language.strings.answer.uncorrected);
  }

  #await() {
    clearTimeout(this.#timer);
    this.#root.setAttribute("aria-busy", "true");
  }

  /**
   * @param {string} state
   * @param {Answer | null} answer
   * @param {() => Words} describe
   * @param {boolean} [offers] to ask again
   */
  #show(state, answer, describe, offers = false) {
    clearTimeout(this.#timer);
    this.#answer = answer;
    this.#describe = describe;
    this.#early = null;
    this.#failed = false;
    this.#isKept = answer?.stored ?? false;
    const again = this.#part("again");
    if (!offers && again === again.ownerDocument.activeElement) this.#root.focus(); // it goes
    again.hidden = !offers;
    this.#root.dataset.state = state;
    this.#root.setAttribute("aria-busy", "false");
    this.#render();
  }

  /** Everything that is shown, in the language that is spoken. */
  #render() {
    const answer = this.#answer;
    this.#renderWords();
    this.#part("numeral").textContent = answer ? numeralFor(answer) : "";
    this.#part("rival").textContent = String((answer && findRival(answer)) ?? "");
    this.#renderScores();
    this.#renderCorrection();
    this.#renderEvidence();
  }

  #renderWords() {
    const { title, text } = this.#describe();
    this.#part("title").textContent = title;
    this.#part("text").textContent = text;
  }

  #renderScores() {
    const answer = this.#answer;
    const { strings, locale } = this.#language;
    // Without a digit they would mislead: a letter's say which digit it would be if it were one,
    // and a blank image's are even for want of any.
    const scores = answer && answer.digit !== null ? answer.scores : null;
    const rival = answer && findRival(answer);
    const list = this.#part("scores");
    list.ariaHidden = String(answer === null);
    list.ariaLabel = scores ? strings.answer.scores : strings.answer.choices;
    this.#bars.forEach(({ item, button, share }, digit) => {
      const score = scores?.[digit] ?? 0;
      item.style.setProperty("--score", score.toFixed(4));
      item.classList.toggle("best", scores !== null && digit === answer?.digit);
      item.classList.toggle("rival", scores !== null && digit === rival);
      button.disabled = answer === null;
      button.ariaLabel = strings.answer.correct(digit);
      share.textContent = scores ? percent(score, locale) : "";
    });
  }

  #renderCorrection() {
    const answer = this.#answer;
    const { strings } = this.#language;
    const given = answer && this.#given.get(answer);
    this.#bars.forEach(({ button }, digit) => {
      button.ariaPressed = String(digit === (this.#early ?? given));
    });
    const prompt = this.#part("prompt");
    if (answer === null) prompt.textContent = "";
    else if (this.#failed) prompt.textContent = strings.answer.uncorrected;
    else if (given != null) prompt.textContent = strings.answer.corrected(given);
    else prompt.textContent = answer.digit === null ? strings.answer.missed : strings.answer.wrong;
  }

  #renderEvidence() {
    const answer = this.#answer;
    const { locale } = this.#language;
    this.#part("evidence").hidden = answer === null;
    this.#part("seen").hidden = !answer?.pixels;
    this.#picture.show(answer?.pixels ?? null);
    const times = {
      model: answer?.processing_time,
      server: answer?.server_time,
      trip: answer?.round_trip,
    };
    for (const [name, seconds] of Object.entries(times)) {
      const part = this.#part(name);
      part.textContent = seconds ? duration(seconds, locale) : "–";
    }
    this.#renderKept();
  }

  #renderKept() {
    this.#part("kept").hidden = !this.#isKept;
    this.#part("id").textContent = this.#isKept ? (this.#answer?.id ?? "") : "";
  }

  /** @param {number} digit */
  #addBar(digit) {
    const list = this.#part("scores");
    const { ownerDocument } = list;
    const item = ownerDocument.createElement("li");
    const [bar, share] = ["bar", "share"].map((name) => {
      const part = ownerDocument.createElement("span");
      part.className = name;
      return part;
    });
    const button = ownerDocument.createElement("button");
    button.type = "button";
    button.className = "label";
    button.textContent = String(digit);
    button.addEventListener("click", () => this.#correct(digit));
    bar.setAttribute("aria-hidden", "true");
    item.append(bar, button, " ", share);
    list.append(item);
    return { item, button, share };
  }

  /** @param {number} digit */
  #correct(digit) {
    // A newer answer is on its way: it's said of that, which is about all that was drawn.
    if (this.#root.getAttribute("aria-busy") === "true") {
      this.#early = digit;
      this.#renderCorrection();
      return;
    }
    this.dispatchEvent(new CustomEvent("correct", { detail: { digit } }));
  }

  /** @param {string} sentence */
  #announce(sentence) {
    this.#part("announcement").textContent = sentence;
  }

  /**
   * @param {string} name
   * @returns {HTMLElement}
   */
  #part(name) {
    const part = this.#root.querySelector(`[data-part="${name}"]`);
    if (!part) throw new Error(`The answer has no part named ${name}.`);
    return /** @type {HTMLElement} */ (part);
  }
}

/** @param {Answer} answer */
function numeralFor({ outcome, digit }) {
  if (digit !== null) return String(digit);
  return outcome === "not_a_digit" ? "?" : "";
}

// @ts-check
import {
  describeAnswer,
  describeEmpty,
  describeProblem,
  describeTimes,
  describeWaiting,
  findRival,
  joinWords,
  percent,
} from "./words.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./client.js").Problem} Problem */
/** @typedef {import("./words.js").Words} Words */

/** Milliseconds of waiting that need no words. */
const UNNOTICED = 400;

/**
 * The reading: a numeral, its rival if there is one, ten bars, and the words beside them.
 *
 * Its root's `data-state` is `empty`, `problem` or the answer's outcome, and `aria-busy` tells
 * that a newer answer is on its way; the style sheet does the rest.
 */
export class AnswerView {
  /** @type {HTMLElement} */ #root;
  /** @type {{ item: HTMLElement, share: HTMLElement }[]} */ #bars;
  #timer = 0;

  /** @param {HTMLElement} root holds an element for each `data-part` named below */
  constructor(root) {
    this.#root = root;
    this.#bars = Array.from({ length: 10 }, (_, digit) => this.#addBar(digit));
  }

  showEmpty() {
    this.#show("empty", describeEmpty());
    this.#announce("");
  }

  /** Keep what is shown, as yesterday's news. */
  showStale() {
    clearTimeout(this.#timer);
    this.#root.setAttribute("aria-busy", "true");
  }

  /** An answer is on its way; a slow one is said to be. */
  showWaiting() {
    this.showStale();
    this.#timer = setTimeout(() => this.#showWords(describeWaiting()), UNNOTICED);
  }

  /** @param {Answer} answer */
  showAnswer(answer) {
    const words = describeAnswer(answer);
    this.#show(answer.outcome, words);
    this.#part("numeral").textContent = numeralFor(answer);
    this.#part("rival").textContent = String(findRival(answer) ?? "");
    this.#part("times").textContent = describeTimes(answer);
    this.#part("kept").hidden = !answer.stored;
    this.#part("id").textContent = answer.id;
    this.#showScores(answer);
    this.#announce(joinWords(words));
  }

  /** @param {Problem} problem */
  showProblem(problem) {
    const words = describeProblem(problem);
    this.#show("problem", words);
    this.#announce(joinWords(words));
  }

  /**
   * @param {string} state
   * @param {Words} words
   */
  #show(state, words) {
    clearTimeout(this.#timer);
    this.#root.dataset.state = state;
    this.#root.setAttribute("aria-busy", "false");
    this.#showWords(words);
    for (const name of ["numeral", "rival", "times", "id"]) this.#part(name).textContent = "";
    this.#part("kept").hidden = true;
    this.#showScores(null);
  }

  /** @param {Words} words */
  #showWords({ title, text }) {
    this.#part("title").textContent = title;
    this.#part("text").textContent = text;
  }

  /** @param {Answer | null} answer */
  #showScores(answer) {
    // Without a digit they would mislead: a letter's say which digit it would be if it were one,
    // and a blank image's are even for want of any.
    const scores = answer && answer.digit !== null ? answer.scores : null;
    const rival = answer && findRival(answer);
    this.#part("scores").ariaHidden = String(scores === null);
    this.#bars.forEach(({ item, share }, digit) => {
      const score = scores?.[digit] ?? 0;
      item.style.setProperty("--score", score.toFixed(4));
      item.classList.toggle("best", scores !== null && digit === answer?.digit);
      item.classList.toggle("rival", scores !== null && digit === rival);
      share.textContent = scores ? percent(score) : "";
    });
  }

  /** @param {number} digit */
  #addBar(digit) {
    const list = this.#part("scores");
    const item = list.ownerDocument.createElement("li");
    const [bar, label, share] = ["bar", "label", "share"].map((name) => {
      const part = list.ownerDocument.createElement("span");
      part.className = name;
      return part;
    });
    bar.setAttribute("aria-hidden", "true");
    label.textContent = String(digit);
    item.append(bar, label, " ", share);
    list.append(item);
    return { item, share };
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

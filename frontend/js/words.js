// @ts-check
/** What is to be said of an answer and of an error; how, the languages' own files know. */

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./client.js").Problem} Problem */
/** @typedef {import("./language.js").Strings} Strings */
/** @typedef {Pick<import("./language.js").Language, "strings" | "locale">} Language */

/**
 * @typedef {object} Words
 * @property {string} title  a word or two
 * @property {string} text  a sentence or two
 */

/** Confidence from which a word holds, highest first. */
const SURENESS = /** @type {const} */ ([
  [0.99, "certain"],
  [0.95, "verySure"],
  [0.8, "fairlySure"],
  [0, "notVerySure"],
]);

/** A second digit is worth naming from this share of the first one's score. */
const RIVAL = 0.25;

/**
 * @param {Answer} answer
 * @param {Language} language
 * @returns {Words}
 */
export function describeAnswer(answer, language) {
  const { outcome, digit, confidence } = answer;
  const strings = language.strings.answer;
  if (outcome === "blank") return strings.blank;
  if (outcome === "not_a_digit" || digit === null) return strings.not_a_digit;
  if (outcome === "uncertain") return describeDoubt(digit, findRival(answer), answer, language);
  const [, sureness] = SURENESS.find(([from]) => confidence >= from) ?? SURENESS[3];
  return {
    title: strings.digit(digit),
    text: strings.sure(strings[sureness], percent(confidence, language.locale)),
  };
}

/**
 * @param {number} digit the likeliest
 * @param {number | null} rival
 * @param {Answer} answer
 * @param {Language} language
 * @returns {Words}
 */
function describeDoubt(digit, rival, { scores }, { strings: { answer: strings }, locale }) {
  const share = percent(scores[digit], locale);
  if (rival === null) return { title: strings.perhaps(digit), text: strings.onlySure(share) };
  const shares = strings.shares(digit, share, rival, percent(scores[rival], locale));
  // What tells two digits apart, by both: there are words for the pairs that hands confuse most.
  /** @type {Record<string, string>} */
  const differences = strings.differences;
  const difference = differences[[digit, rival].sort().join(" ")] ?? strings.difference;
  return {
    title: strings.either(digit, rival),
    text: `${shares}${strings.space}${difference}`,
  };
}

/**
 * The digit that an uncertain answer might be as well, if there is one.
 * @param {Answer} answer
 */
export function findRival({ outcome, digit, scores }) {
  if (outcome !== "uncertain" || digit === null) return null;
  const others = scores.map((score, i) => (i === digit ? -1 : score));
  const second = others.indexOf(Math.max(...others));
  return scores[second] >= RIVAL * scores[digit] ? second : null;
}

/**
 * @param {Pick<Problem, "type" | "detail" | "pause">} problem its detail, the server's own words,
 *   stands in for a type that has none here
 * @param {Pick<Language, "strings">} language
 * @param {"online" | "later" | "never"} [again] when the page asks again by itself
 * @returns {Words}
 */
export function describeProblem(problem, { strings: { answer, problems, network } }, again) {
  const { type, detail, pause } = problem;
  if (again === "online") return network.offline;
  /** @type {Record<string, Words>} */
  const known = problems;
  if (!Object.hasOwn(known, type)) {
    const text = again === "later" ? network.askedAgain : answer.failed(detail);
    return { title: answer.failure, text };
  }
  const { title, text } = known[type];
  if (type === "rate-limited" && pause > 0) {
    return { title, text: again === "later" ? network.askedIn(pause) : answer.pause(pause) };
  }
  /** @type {Record<string, string>} */
  const patient = network.again;
  return { title, text: again === "later" ? (patient[type] ?? network.askedAgain) : text };
}

/**
 * Words as one text, to be read aloud.
 * @param {Words} words
 * @param {Pick<Language, "strings">} language
 */
export function joinWords({ title, text }, { strings: { answer } }) {
  return `${title}${/[.?!…。？！]$/.test(title) ? answer.space : answer.stop}${text}`;
}

/**
 * Rounded down, so that only certainty itself is 100%.
 * @param {number} share 0 to 1
 * @param {string} locale
 */
export function percent(share, locale) {
  const rounded = Math.floor(share * 1000 + 1e-6) / 1000;
  return format(locale, { style: "percent", maximumFractionDigits: 1 }).format(rounded);
}

/**
 * @param {number} seconds
 * @param {string} locale
 */
export function duration(seconds, locale) {
  const isLong = seconds >= 0.9995;
  const value = isLong ? seconds : seconds * 1000;
  const digits = value < 9.95 ? 1 : 0;
  return format(locale, {
    style: "unit",
    unit: isLong ? "second" : "millisecond",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** @type {Map<string, Intl.NumberFormat>} one takes longer to make than all that it says */
const formats = new Map();

/**
 * @param {string} locale
 * @param {Intl.NumberFormatOptions} options
 */
function format(locale, options) {
  const key = JSON.stringify([locale, options]);
  const known = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, known);
  return known;
}

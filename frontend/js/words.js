// @ts-check
/** What the page says of an answer and of an error: the one place for its sentences. */

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./client.js").Problem} Problem */

/**
 * @typedef {object} Words
 * @property {string} title  a word or two
 * @property {string} text  a sentence or two
 */

const NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** Confidence from which a word holds, highest first. */
const SURENESS = /** @type {const} */ ([
  [0.99, "Certain"],
  [0.95, "Very sure"],
  [0.8, "Fairly sure"],
  [0, "Not very sure"],
]);

/** A second digit is worth naming from this share of the first one's score. */
const RIVAL = 0.25;

/**
 * What tells two digits apart, by both: the pairs that hands confuse most.
 * @type {Record<string, string>}
 */
const DIFFERENCES = {
  "0 6": "A zero without a tail, or a six with a tall stem, would be clear.",
  "1 7": "A one without its flag, or a seven with a bar, would be clear.",
  "3 8": "A three that is open at the left, or an eight of two closed loops, would be clear.",
  "4 9": "A four that is open at its top, or a nine that is closed, would be clear.",
  "5 6": "A five with a sharp corner, or a six that closes its loop, would be clear.",
};

/** @type {Words} */
const NO_IMAGE = {
  title: "Not an image",
  text: "This file can’t be read. PNG, JPEG, WebP, GIF and BMP can.",
};

/**
 * By their types: the API's that a person here can meet, and the page's own two.
 * @type {Record<string, Words>}
 */
const PROBLEMS = {
  unreachable: {
    title: "No answer",
    text: "The server can’t be reached. Nothing is lost. Try again in a moment.",
  },
  timeout: {
    title: "No answer",
    text: "The server took too long. Nothing is lost. Try again in a moment.",
  },
  "unsupported-image": NO_IMAGE,
  "corrupt-image": {
    title: "Damaged",
    text: "The image is damaged or incomplete. Save it again, or choose another.",
  },
  "image-too-large": {
    title: "Too large",
    text: "An image may have 4 MiB. Crop it to the digit, or save it smaller.",
  },
  "too-many-pixels": {
    title: "Too large",
    text: "An image may have 25 megapixels, and 65,535 on a side. Crop it to the digit.",
  },
  "image-too-complex": {
    title: "Too complex",
    text: "Opening this image would take too much. Save it again as a plain PNG or JPEG.",
  },
  "too-many-scans": {
    title: "Too complex",
    text: "This JPEG is in too many layers. Save it again, not as a progressive one.",
  },
  "decoding-too-slow": {
    title: "Too complex",
    text: "Opening this image takes too long. Save it again as a plain PNG or JPEG, or crop it.",
  },
  "unreadable-image": {
    title: "Not readable",
    text: "This image can’t be read. Save it again as a plain PNG or JPEG, or choose another.",
  },
  "missing-image": {
    title: "No image yet",
    text: "Choose an image, drop one anywhere on the page, or paste one.",
  },
  // A file may be text that reads like one of the API's own forms, and then a damaged one.
  "invalid-body": NO_IMAGE,
  "invalid-base64": NO_IMAGE,
  "too-many-parts": NO_IMAGE,
  "request-timeout": {
    title: "Too slow",
    text: "The image didn’t get through in time. Try again, or send a smaller one.",
  },
  "request-aborted": {
    title: "Broken off",
    text: "The image didn’t get through. Nothing is lost. Try again.",
  },
  "rate-limited": {
    title: "Too fast",
    text: "The server wants a pause. Wait a moment, then try again.",
  },
};

/** @returns {Words} */
export function describeEmpty() {
  return {
    title: "Any digit",
    text: "From 0 to 9, in your own hand. The reading follows by itself.",
  };
}

/** @returns {Words} */
export function describeWaiting() {
  return { title: "Reading…", text: "" };
}

/**
 * @param {Answer} answer
 * @returns {Words}
 */
export function describeAnswer(answer) {
  const { outcome, digit, confidence } = answer;
  if (outcome === "blank") {
    return {
      title: "Nothing there",
      text: "No ink was found. Write a digit, or choose an image with more contrast.",
    };
  }
  if (outcome === "not_a_digit" || digit === null) {
    return {
      title: "Not a digit",
      text:
        "At least, it doesn’t look like one. Write a single digit from 0 to 9, large, or crop the " +
        "image to it.",
    };
  }
  if (outcome === "uncertain") return describeDoubt(digit, findRival(answer), answer.scores);
  const [, sureness] = SURENESS.find(([from]) => confidence >= from) ?? SURENESS[3];
  return { title: capitalise(NAMES[digit]), text: `${sureness}, ${percent(confidence)}` };
}

/**
 * @param {number} digit the likeliest
 * @param {number | null} rival
 * @param {number[]} scores
 * @returns {Words}
 */
function describeDoubt(digit, rival, scores) {
  if (rival === null) {
    return {
      title: `Perhaps ${withArticle(digit)}`,
      text: `Only ${percent(scores[digit])} sure. Larger figures and clear strokes are read best.`,
    };
  }
  const shares = [digit, rival].map((each) => `${percent(scores[each])} for ${withArticle(each)}`);
  const pair = [digit, rival].sort().join(" ");
  return {
    title: `${capitalise(NAMES[digit])} or ${NAMES[rival]}?`,
    text: `${shares.join(", ")}. ${DIFFERENCES[pair] ?? "Larger, clearer strokes would tell."}`,
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
 * Words as one text, to be read aloud.
 * @param {Words} words
 */
export function joinWords({ title, text }) {
  return `${title}${/[.?…]$/.test(title) ? "" : "."} ${text}`;
}

/**
 * @param {Pick<Problem, "type" | "detail" | "pause">} problem its detail, the server's own words,
 *   stands in for a type that has none here
 * @returns {Words}
 */
export function describeProblem({ type, detail, pause }) {
  if (type === "rate-limited" && pause > 0) {
    const seconds = pause === 1 ? "a second" : `${pause} seconds`;
    return { ...PROBLEMS[type], text: `The server wants a pause. Try again in ${seconds}.` };
  }
  return (
    PROBLEMS[type] ?? {
      title: "That failed",
      text: `${detail || "Something went wrong on the server."} Nothing is lost.`,
    }
  );
}

/** @param {Answer} answer */
export function describeTimes(answer) {
  return `Read in ${duration(answer.processing_time)}, ${duration(answer.round_trip)} there and back`;
}

/**
 * Rounded down, so that only certainty itself is 100%.
 * @param {number} share 0 to 1
 */
export function percent(share) {
  return `${Math.floor(share * 1000 + 1e-6) / 10}%`;
}

/** @param {number} seconds */
function duration(seconds) {
  const milliseconds = seconds * 1000;
  if (milliseconds >= 1000) return `${seconds.toFixed(1)} s`;
  return `${milliseconds < 9.95 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}

/** @param {number} digit */
function withArticle(digit) {
  return `${digit === 8 ? "an" : "a"} ${NAMES[digit]}`;
}

/** @param {string} word */
function capitalise(word) {
  return word[0].toUpperCase() + word.slice(1);
}

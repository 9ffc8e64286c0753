// @ts-check
/** English: what the markup says already, and the names that every other language must have. */

const NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/** For three types: a file that isn't an image may pass for a form of the API's. */
const NO_IMAGE = {
  title: "Not an image",
  text: "This file can’t be read. PNG, JPEG, WebP, GIF and BMP can.",
};

export default {
  page: {
    title: "Inkling: write a digit",
    heading: "Write a digit.",
    site: "Site",
    language: "Language",
    modes: "How to give the digit",
    draw: "Draw",
    upload: "Upload",
    hand: "Your digit",
    reading: "The reading",
    keeping:
      "Answers come by themselves, and nothing is kept for them. “Recognise” and corrections keep " +
      "the image on the server, and so does the upload of a large one: for 30 days as a rule, to " +
      "make the reading better. Deleted under “History”, it’s deleted there too.",
  },

  answer: {
    empty: {
      title: "Any digit",
      text: "From 0 to 9, in your own hand. The reading follows by itself.",
    },
    waiting: { title: "Reading…", text: "" },
    blank: {
      title: "Nothing there",
      text: "No ink was found. Write a digit, or choose an image with more contrast.",
    },
    not_a_digit: {
      title: "Not a digit",
      text:
        "At least, it doesn’t look like one. Write a single digit from 0 to 9, large, or crop " +
        "the image to it.",
    },
    /** @param {number} digit */
    digit: (digit) => capitalise(NAMES[digit]),
    certain: "Certain",
    verySure: "Very sure",
    fairlySure: "Fairly sure",
    notVerySure: "Not very sure",
    /**
     * @param {string} sureness one of those above
     * @param {string} share
     */
    sure: (sureness, share) => `${sureness}, ${share}`,
    /** @param {number} digit */
    perhaps: (digit) => `Perhaps ${withArticle(NAMES[digit])}`,
    /** @param {string} share */
    onlySure: (share) => `Only ${share} sure. Larger figures and clear strokes are read best.`,
    /**
     * @param {number} digit
     * @param {number} rival
     */
    either: (digit, rival) => `${capitalise(NAMES[digit])} or ${NAMES[rival]}?`,
    /**
     * @param {number} digit
     * @param {string} share
     * @param {number} rival
     * @param {string} rest the rival's share
     */
    shares: (digit, share, rival, rest) =>
      `${share} for ${withArticle(NAMES[digit])}, ${rest} for ${withArticle(NAMES[rival])}.`,
    differences: {
      "0 6": "A zero without a tail, or a six with a tall stem, would be clear.",
      "1 7": "A one without its flag, or a seven with a bar, would be clear.",
      "3 8": "A three that is open at the left, or an eight of two closed loops, would be clear.",
      "4 9": "A four that is open at its top, or a nine that is closed, would be clear.",
      "5 6": "A five with a sharp corner, or a six that closes its loop, would be clear.",
    },
    difference: "Larger, clearer strokes would tell.",
    /** Between a title and its text, where they are read aloud. */
    stop: ". ",
    /** Between two sentences. */
    space: " ",
    scores: "Score of each digit",
    choices: "The right digit",
    /** @param {number} digit */
    correct: (digit) => `It is ${withArticle(String(digit))}`,
    wrong: "Wrong? Tap the right digit.",
    missed: "A digit after all? Tap it.",
    /** @param {number} digit */
    corrected: (digit) => `Thank you. It is ${withArticle(String(digit))}.`,
    uncorrected: "That couldn’t be kept. Tap again in a moment.",
    kept: "Kept as",
    seen: "What the model saw",
    model: "Model",
    server: "Server",
    trip: "Round trip",
    failure: "That failed",
    again: "Ask again",
    /** @param {string} detail the server's own words, in English, if it has any */
    failed: (detail) => `${detail || "Something went wrong on the server."} Nothing is lost.`,
    /** @param {number} seconds */
    pause: (seconds) =>
      `The server wants a pause. Try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`,
  },

  /** By their types: the API's that a person here can meet, and the page's own. */
  problems: {
    unreachable: {
      title: "No answer",
      text: "The server can’t be reached. Nothing is lost. Try again in a moment.",
    },
    timeout: {
      title: "No answer",
      text: "The server took too long. Nothing is lost. Try again in a moment.",
    },
    heic: {
      title: "Not opened here",
      text: "This browser opens no HEIC photos. Save it as JPEG, or take it as “most compatible”.",
    },
    "file-gone": {
      title: "Not there",
      text: "This file can’t be opened: it was moved, or is a folder. Choose it again.",
    },
    "upload-needed": {
      title: "Large image",
      text: "It’s too large to be read at once. Upload it, or crop it to the digit.",
    },
    "upload-too-large": {
      title: "Too large",
      text: "Even an upload may have only 20 MiB. Crop it to the digit, or save it smaller.",
    },
    "upload-refused": {
      title: "Not taken",
      text: "The upload was refused: its leave may have run out. Try again.",
    },
    "upload-unread": {
      title: "No answer",
      text:
        "The image has come, but nobody has read it yet. It was deleted again. Try again " +
        "later.",
    },
    "no-uploads": {
      title: "Too large",
      text: "This server takes no uploads. Crop the image to the digit, or save it below 4 MiB.",
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
  },

  network: {
    offlineNote: "Offline. What you write stays here.",
    offline: {
      title: "Offline",
      text: "Nothing is lost. It’s read by itself, once you’re connected again.",
    },
    /** By a problem's type, where the page asks again by itself. */
    again: {
      unreachable: "The server can’t be reached. Nothing is lost: it’s asked again by itself.",
      timeout: "The server took too long. Nothing is lost: it’s asked again by itself.",
    },
    askedAgain: "Nothing is lost: the server is asked again by itself.",
    /** @param {number} seconds */
    askedIn: (seconds) =>
      `The server wants a pause. It’s asked again in ${seconds === 1 ? "a second" : `${seconds} seconds`}.`,
  },

  draw: {
    pad: "Drawing pad for mouse, finger, pen or keys",
    keys: "Arrow keys move the pen, with Shift further. Space puts it down and lifts it.",
    hint: "write here",
    undo: "Undo",
    redo: "Redo",
    clear: "Clear",
    pens: "Pen",
    thin: "Thin",
    medium: "Medium",
    thick: "Thick",
    recognise: "Recognise",
    live: "Live",
    unasked: {
      title: "Any digit",
      text: "From 0 to 9, in your own hand. “Recognise” has it read.",
    },
    penDown: "Pen down",
    penUp: "Pen up",
    /** Of a sheet's nine parts, row by row. */
    places: [
      ...["top left", "top", "top right"],
      ...["left", "middle", "right"],
      ...["bottom left", "bottom", "bottom right"],
    ],
  },

  upload: {
    choose: "Choose images",
    photo: "Take a photo",
    ways: "or drop or paste them",
    /** @param {string} name */
    preview: (name) => `Preview of ${name}`,
    unnamed: "Image",
    folders: "Folders are left out: give the images themselves.",
    /**
     * @param {number} given
     * @param {number} most
     */
    tooMany: (given, most) => `The first ${most} of ${given} are here. Give the others afterwards.`,
    files: "Files",
    list: {
      /**
       * @param {number} read
       * @param {number} all
       */
      count: (read, all) => `${read} of ${all} read`,
      and: ", ",
      /** @param {number} count */
      failed: (count) => `${count} failed`,
      waiting: "Waiting",
      reading: "Reading…",
      stop: "Stop",
      goOn: "Go on",
    },
    large: {
      /** @param {string} size */
      offer: (size) =>
        `${size}. Upload it to have it read: the server then keeps it, until you delete it.`,
      upload: "Upload and read",
      progress: "Upload",
      /** @param {string} share */
      sending: (share) => `${share} uploaded`,
      reading: "Uploaded. Reading…",
      cancel: "Cancel",
      kept: "The server keeps this image.",
      remove: "Delete it there",
      unremoved: "It couldn’t be deleted. Try again in a moment.",
    },
  },

  examples: {
    title: "Or try one of these",
    /** @param {number} digit */
    name: (digit) => `Example ${digit}`,
  },

  history: {
    title: "History",
    keeps: "Keep a history",
    clear: "Delete all",
    undo: "Undo",
    /** @param {number} count */
    more: (count) => `Show all ${count}`,
    /** @param {number} count */
    removed: (count) => `${count} deleted.`,
    failed: "The server didn’t let go of that. It’s still here: try again in a moment.",
    privacy: "Only this browser has it.",
    marked:
      "What has a dot is on the server too; deleting it here deletes it there. Only this browser " +
      "has the rest.",
    /**
     * @param {number} digit
     * @param {boolean} isSure
     */
    figure: (digit, isSure) => (isSure ? String(digit) : `Perhaps ${digit}`),
    none: "Not a digit",
    /** @param {number} digit */
    corrected: (digit) => `really ${digit}`,
    kept: "on the server too",
    comma: ", ",
    /** @param {string} entry */
    remove: (entry) => `Delete: ${entry}`,
  },
};

/** @param {string} name of a digit, in letters or as a figure */
function withArticle(name) {
  return `${name === "eight" || name === "8" ? "an" : "a"} ${name}`;
}

/** @param {string} word */
function capitalise(word) {
  return word[0].toUpperCase() + word.slice(1);
}

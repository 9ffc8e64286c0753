// @ts-check
/** English: what the markup says already, and the names that every other language must have. */

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
      "Answers come by themselves, and nothing is kept for them. “Recognise” keeps the image, to " +
      "make the reading better; its answer then says “Kept as”, and",
    removing: "removes it.",
  },

  draw: {
    pad: "Drawing pad for mouse, finger or pen",
    hint: "write here",
    clear: "Clear",
    recognise: "Recognise",
  },

  upload: {
    choose: "Choose an image",
    ways: "or drop one, or paste one",
  },

  examples: {
    title: "Or try one of these",
    /** @param {number} digit */
    name: (digit) => `Example ${digit}`,
  },
};

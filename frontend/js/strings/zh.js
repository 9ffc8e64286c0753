// @ts-check
/** 简体中文。 */

/** @type {import("../language.js").Strings} */
const strings = {
  page: {
    title: "Inkling：写一个数字",
    heading: "写一个数字。",
    site: "网站",
    language: "语言",
    modes: "提供数字的方式",
    draw: "手写",
    upload: "上传",
    hand: "您的数字",
    reading: "识别结果",
    keeping:
      "结果会自动出现，不会为此保存任何内容。点“识别”会保存图像，用来改进识别；" +
      "这时结果中会显示“已保存为”，而",
    removing: "可将其删除。",
  },

  draw: {
    pad: "手写板，可用鼠标、手指或触控笔",
    hint: "写在这里",
    clear: "清除",
    recognise: "识别",
  },

  upload: {
    choose: "选择图像",
    ways: "或拖放、粘贴一张",
  },

  examples: {
    title: "或者试试这些",
    name: (digit) => `示例 ${digit}`,
  },
};

export default strings;

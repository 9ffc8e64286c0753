// @ts-check
/** 简体中文。 */

const NAMES = [..."零一二三四五六七八九"];

const NO_IMAGE = {
  title: "不是图像",
  text: "无法读取此文件。支持 PNG、JPEG、WebP、GIF 和 BMP。",
};

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
      "结果会自动出现，不会为此保存任何内容。点“识别”、加以更正或上传大图时，图像会在服务器上保存" +
      "（通常 30 天），用来改进识别。在“历史”中删除，服务器上的也会一并删除。",
  },

  answer: {
    empty: {
      title: "任意数字",
      text: "0 到 9，用您自己的笔迹。结果会自动出现。",
    },
    waiting: { title: "识别中……", text: "" },
    blank: {
      title: "空白",
      text: "没有找到笔迹。请写一个数字，或选择对比度更高的图像。",
    },
    not_a_digit: {
      title: "不是数字",
      text: "至少看起来不像。请写一个 0 到 9 的数字，写大一些，或把图像裁剪到只剩它。",
    },
    digit: (digit) => NAMES[digit],
    certain: "确定",
    verySure: "很有把握",
    fairlySure: "较有把握",
    notVerySure: "把握不大",
    sure: (sureness, share) => `${sureness}，${share}`,
    perhaps: (digit) => `可能是${NAMES[digit]}`,
    onlySure: (share) => `把握只有 ${share}。写得大而清晰，识别效果最好。`,
    either: (digit, rival) => `${NAMES[digit]}还是${NAMES[rival]}？`,
    shares: (digit, share, rival, rest) => `${share} 像 ${digit}，${rest} 像 ${rival}。`,
    differences: {
      "0 6": "0 不带尾巴，或 6 的竖笔高一些，就清楚了。",
      "1 7": "1 不带小钩，或 7 中间加一横，就清楚了。",
      "3 8": "3 的左边敞开，或 8 的两个圈都闭合，就清楚了。",
      "4 9": "4 的顶部敞开，或 9 的圈闭合，就清楚了。",
      "5 6": "5 的拐角尖一些，或 6 的圈闭合，就清楚了。",
    },
    difference: "写得更大、更清晰就能分辨。",
    stop: "。",
    space: "",
    scores: "每个数字的得分",
    choices: "正确的数字",
    correct: (digit) => `这是 ${digit}`,
    wrong: "不对？请点正确的数字。",
    missed: "其实是数字？请点它。",
    corrected: (digit) => `谢谢。这是 ${digit}。`,
    uncorrected: "未能保存。请稍后再点一次。",
    kept: "已保存为",
    seen: "模型看到的",
    model: "模型",
    server: "服务器",
    trip: "往返",
    failure: "失败了",
    again: "再试一次",
    failed: (detail) => `${detail ? `服务器答复：“${detail}”` : "服务器出了问题。"}内容没有丢失。`,
    pause: (seconds) => `服务器需要歇一下。请在 ${seconds} 秒后重试。`,
  },

  problems: {
    unreachable: {
      title: "没有答复",
      text: "无法连接服务器。内容没有丢失。请稍后重试。",
    },
    timeout: {
      title: "没有答复",
      text: "服务器用时过长。内容没有丢失。请稍后重试。",
    },
    heic: {
      title: "无法打开",
      text: "此浏览器打不开 HEIC 照片。请另存为 JPEG。",
    },
    "file-gone": {
      title: "文件不在",
      text: "无法打开此文件：它被移走了，或是文件夹。请重新选择。",
    },
    "upload-needed": {
      title: "图像较大",
      text: "太大，无法直接识别。请上传，或裁剪到只剩数字。",
    },
    "upload-too-large": {
      title: "太大",
      text: "即使上传，图像也最多 20 MiB。请裁剪到只剩数字，或缩小后保存。",
    },
    "upload-refused": {
      title: "未被接收",
      text: "上传被拒绝：许可可能已过期。请重试。",
    },
    "upload-unread": {
      title: "没有答复",
      text: "图像已送达，但还没有被识别，现已删除。请稍后重试。",
    },
    "no-uploads": {
      title: "太大",
      text: "此服务器不接受上传。请裁剪图像，或存为 4 MiB 以下。",
    },
    "unsupported-image": NO_IMAGE,
    "corrupt-image": {
      title: "已损坏",
      text: "图像已损坏或不完整。请重新保存，或选择另一张。",
    },
    "image-too-large": {
      title: "太大",
      text: "图像最大 4 MiB。请裁剪到只剩数字，或缩小后保存。",
    },
    "too-many-pixels": {
      title: "太大",
      text: "图像最多 2500 万像素，每边最多 65,535。请裁剪到只剩数字。",
    },
    "image-too-complex": {
      title: "太复杂",
      text: "打开这张图像的开销太大。请重新保存为普通的 PNG 或 JPEG。",
    },
    "too-many-scans": {
      title: "太复杂",
      text: "这个 JPEG 的层数太多。请重新保存，不要用渐进式。",
    },
    "decoding-too-slow": {
      title: "太复杂",
      text: "打开这张图像太慢。请重新保存为普通的 PNG 或 JPEG，或裁剪。",
    },
    "unreadable-image": {
      title: "无法读取",
      text: "无法读取这张图像。请重新保存为普通的 PNG 或 JPEG，或选择另一张。",
    },
    "missing-image": {
      title: "还没有图像",
      text: "请选择图像，或拖到页面任意处，或粘贴。",
    },
    "invalid-body": NO_IMAGE,
    "invalid-base64": NO_IMAGE,
    "too-many-parts": NO_IMAGE,
    "request-timeout": {
      title: "太慢",
      text: "图像没有及时送达。请重试，或发送小一些的。",
    },
    "request-aborted": {
      title: "已中断",
      text: "图像没有送达。内容没有丢失。请重试。",
    },
    "rate-limited": {
      title: "太快了",
      text: "服务器需要歇一下。请稍等片刻再试。",
    },
  },

  network: {
    offlineNote: "已离线。所写内容会留在这里。",
    offline: { title: "已离线", text: "内容没有丢失。恢复连接后会自动识别。" },
    again: {
      unreachable: "无法连接服务器。内容没有丢失，稍后会自动重试。",
      timeout: "服务器响应太慢。内容没有丢失，稍后会自动重试。",
    },
    askedAgain: "内容没有丢失，稍后会自动重试。",
    askedIn: (seconds) => `服务器请求暂停，${seconds} 秒后自动重试。`,
  },

  draw: {
    pad: "手写板，可用鼠标、手指、触控笔或键盘",
    keys: "方向键移动笔，按住 Shift 移得更远。空格键落笔、提笔。",
    hint: "写在这里",
    undo: "撤销",
    redo: "重做",
    clear: "清除",
    pens: "笔",
    thin: "细",
    medium: "中",
    thick: "粗",
    recognise: "识别",
    live: "实时",
    unasked: { title: "任意数字", text: "手写 0 到 9 的一个数字，再点“识别”。" },
    penDown: "落笔",
    penUp: "提笔",
    places: ["左上", "上方", "右上", "左侧", "中间", "右侧", "左下", "下方", "右下"],
  },

  upload: {
    choose: "选择图像",
    photo: "拍照",
    ways: "或拖放、粘贴",
    preview: (name) => `预览：${name}`,
    unnamed: "图像",
    folders: "文件夹已略过：请直接提供图像。",
    tooMany: (given, most) => `这里是 ${given} 个中的前 ${most} 个。其余请稍后再来。`,
    files: "文件",
    list: {
      count: (read, all) => `已识别 ${read} / ${all}`,
      and: "，",
      failed: (count) => `${count} 个失败`,
      waiting: "等待中",
      reading: "识别中……",
      stop: "停止",
      goOn: "继续",
    },
    large: {
      offer: (size) => `${size}。上传后即可识别：服务器会保存它，直到您删除。`,
      upload: "上传并识别",
      progress: "上传进度",
      sending: (share) => `已上传 ${share}`,
      reading: "已上传。识别中……",
      cancel: "取消",
      kept: "服务器保存着这张图像。",
      remove: "从服务器删除",
      unremoved: "未能删除。请稍后重试。",
    },
  },

  examples: {
    title: "或者试试这些",
    name: (digit) => `示例 ${digit}`,
  },

  history: {
    title: "历史",
    keeps: "保留历史",
    clear: "全部删除",
    undo: "撤销",
    more: (count) => `显示全部 ${count} 条`,
    removed: (count) => `已删除 ${count} 条。`,
    failed: "服务器未能删除，记录仍在这里。请稍后再试。",
    privacy: "仅保存在此浏览器中。",
    marked: "带圆点的图像也保存在服务器上，在此删除会一并删除；其余仅保存在此浏览器中。",
    figure: (digit, isSure) => (isSure ? String(digit) : `可能是 ${digit}`),
    none: "不是数字",
    corrected: (digit) => `其实是 ${digit}`,
    kept: "服务器上也有",
    comma: "，",
    remove: (entry) => `删除：${entry}`,
  },
};

export default strings;

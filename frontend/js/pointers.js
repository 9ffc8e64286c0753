// @ts-check

/** @typedef {import("./stroke.js").Moment} Moment */

/**
 * Whatever draws.
 * @typedef {object} Pen
 * @property {boolean} isDown  false too where something else has ended its stroke
 * @property {(moments: Moment[], predicted?: Moment[]) => void} press
 * @property {() => void} lift
 * @property {() => void} retract
 * @property {(place: { x: number, y: number }) => void} erase
 */

/** As `PointerEvent.button` has them. */
const TIP = 0;
const ERASER = 5;
/** Milliseconds after a pen's last sign in which a touch is that of the hand which holds it. */
const PALM_TIME = 800;

/**
 * Tell which of the pointers over an element is the pen, and what it does: one finger, the mouse,
 * or a pen. A second finger isn't, nor a palm that rests there.
 *
 * @param {HTMLElement} element
 * @param {Pen} pen
 */
export function followPointers(element, pen) {
  /** @type {{ id: number, kind: string, erases: boolean } | null} */
  let down = null;
  let penSeen = -Infinity;

  element.addEventListener("pointerdown", (event) => {
    const { pointerType: kind, button, timeStamp } = event;
    const erases = kind === "pen" && button === ERASER;
    if (button !== TIP && !erases) return;
    // Or else the browser would select text, or drag.
    event.preventDefault();
    if (kind === "touch" && timeStamp - penSeen < PALM_TIME) return;
    if (down) {
      if (kind !== "pen" || down.kind !== "touch") return;
      pen.retract(); // that was the palm
    }
    down = { id: event.pointerId, kind, erases };
    element.setPointerCapture(event.pointerId);
    // Keys mean the drawing from now on.
    element.focus({ preventScroll: true });
    follow(event);
  });

  element.addEventListener("pointermove", (event) => {
    if (event.pointerType === "pen") penSeen = event.timeStamp;
    if (event.pointerId !== down?.id) return;
    if (down.erases || pen.isDown) follow(event);
    else down = null; // an undo in the middle of it takes it all: the rest is no stroke
  });

  // Losing the capture follows every other way for a stroke to end, so one of them is enough.
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    element.addEventListener(end, (event) => {
      if (/** @type {PointerEvent} */ (event).pointerId !== down?.id) return;
      down = null;
      pen.lift();
    });
  }

  // A long press would open a menu over the drawing.
  element.addEventListener("contextmenu", (event) => event.preventDefault());
  // Safari magnifies text, and zooms by a double tap or a finger beside the sheet, whatever
  // `touch-action` says.
  element.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  element.ownerDocument.addEventListener("gesturestart", (event) => {
    if (down) event.preventDefault();
  });

  /** @param {PointerEvent} event */
  function follow(event) {
    if (event.pointerType === "pen") penSeen = event.timeStamp;
    // The browser hands over one event a frame; between two there may be ten positions.
    const between = event.getCoalescedEvents?.() ?? [];
    const sheet = element.getBoundingClientRect();
    const moments = (between.length ? between : [event]).map((each) => locate(each, sheet));
    if (down?.erases) moments.forEach(pen.erase, pen);
    else pen.press(moments, event.getPredictedEvents?.().map((each) => locate(each, sheet)));
  }
}

/**
 * @param {PointerEvent} event
 * @param {DOMRect} sheet
 * @returns {Moment}
 */
function locate(event, sheet) {
  return {
    x: (event.clientX - sheet.left) / sheet.width,
    y: (event.clientY - sheet.top) / sheet.height,
    time: event.timeStamp,
    pressure: event.pointerType === "pen" ? event.pressure : null,
  };
}

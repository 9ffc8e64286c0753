// @ts-check
/** An element's size in the screen's own pixels, for a canvas that is to be sharp. */

/**
 * Tell an element's size in the screen's own pixels, now and at every change.
 *
 * @param {HTMLElement} element
 * @param {(width: number, height: number) => void} onChange
 */
export function watchDevicePixels(element, onChange) {
  const observer = new ResizeObserver(([entry]) => {
    const { inlineSize, blockSize } = entry.contentBoxSize[0];
    const exact = entry.devicePixelContentBoxSize?.[0];
    // A hidden element has no size; what was drawn is kept for when it comes back.
    if (inlineSize === 0) return;
    onChange(
      nearestWhole(inlineSize * devicePixelRatio, exact?.inlineSize),
      nearestWhole(blockSize * devicePixelRatio, exact?.blockSize),
    );
  });
  try {
    observer.observe(element, { box: "device-pixel-content-box" });
  } catch {
    observer.observe(element); // Safari does not know that box
  }
}

/**
 * The browser's own rounding where it can be trusted: on an emulated screen it counts CSS pixels.
 *
 * @param {number} pixels
 * @param {number | undefined} exact
 */
function nearestWhole(pixels, exact) {
  return exact !== undefined && Math.abs(exact - pixels) < 2 ? exact : Math.round(pixels);
}

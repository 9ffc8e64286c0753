// @ts-check
/** What the browser keeps for the page. It may be forbidden, full, or of another version's. */

/**
 * @param {string} key
 * @param {"localStorage" | "sessionStorage"} place for good, or as long as the tab
 * @returns {string | null}
 */
export function recall(key, place = "localStorage") {
  try {
    return globalThis[place].getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string} text an empty one leaves nothing there
 * @param {"localStorage" | "sessionStorage"} place
 */
export function remember(key, text, place = "localStorage") {
  try {
    if (text) globalThis[place].setItem(key, text);
    else globalThis[place].removeItem(key);
  } catch {
    // Then it lasts as long as the page.
  }
}

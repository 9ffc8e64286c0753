// @ts-check
/** Ids that the page makes before the server keeps anything: they lead there if no answer comes. */

/** Milliseconds that the server's clock is ahead of this one, as far as it's known. */
let lead = 0;

/** @param {Response} response the server's, which tells its time */
export function followClock(response) {
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (date) lead = date - Date.now();
}

/** A UUID of version 7 (RFC 9562): the server's time in milliseconds, and 74 random bits. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const random = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const time = Math.round(Date.now() + lead).toString(16);
  const digits = time.padStart(12, "0") + random.slice(12);
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

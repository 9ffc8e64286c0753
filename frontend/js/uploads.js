// @ts-check
/** Images that are too large for a request: sent with a form that the API signs, and read there. */

import { Client, Problem, request } from "./client.js";

/** @typedef {import("./client.js").Answer} Answer */

/**
 * What lets one image in.
 * @typedef {object} Form
 * @property {string} id  its recognition's
 * @property {string} url
 * @property {Record<string, string>} fields
 * @property {number} max_bytes
 */

/** Types that a form may be asked for. */
const TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp"];

/** Milliseconds without a byte's being taken, after which an upload has failed. */
const STANDSTILL = 30_000;
/** Milliseconds in which an image that has come is read; a second or two, as a rule. */
const PATIENCE = 60_000;
/** Seconds between two questions, where the server names none. */
const PAUSE = 1;

/** What an answer has that a record doesn't. */
const UNTOLD = { pixels: null, box: null, processing_time: 0, server_time: null };

const client = new Client();

/**
 * Have an image read that is too large for a request. The server keeps it, as it does whatever it's
 * asked to keep; but not what nobody has an answer to.
 *
 * @param {Blob} image
 * @param {{ signal: AbortSignal, onProgress: (share: number) => void }} options  a share of the
 *   image, 0 to 1
 * @returns {Promise<Answer>} rejects with a Problem, or with the signal's reason
 */
export async function uploadImage(image, { signal, onProgress }) {
  const start = performance.now();
  // Not broken off: its answer alone tells the id to remove the record by.
  const form = await requestForm(image);
  // Who leaves the page never gets the answer.
  const leave = () => abandon(form.id);
  addEventListener("pagehide", leave);
  try {
    signal.throwIfAborted();
    await sendForm(form, image, signal, onProgress);
    const record = await waitForReading(form.id, signal);
    if (record.outcome === "unreadable") throw new Problem(record.reason, "");
    const round_trip = (performance.now() - start) / 1000;
    return { ...record, ...UNTOLD, stored: true, round_trip };
  } catch (error) {
    abandon(form.id);
    throw error;
  } finally {
    removeEventListener("pagehide", leave);
  }
}

/**
 * @param {Blob} image
 * @returns {Promise<Form>}
 */
async function requestForm({ type, size }) {
  const declared = TYPES.includes(type) ? type : "application/octet-stream";
  try {
    const response = await request("api/uploads", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ type: declared, size }),
    });
    return await response.json();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // What is too large even for this has other words than what is for a request.
    if (error.type === "image-too-large") throw new Problem("upload-too-large", "");
    if (error.type === "not-found") throw new Problem("no-uploads", "");
    throw error;
  }
}

/**
 * @param {Form} form
 * @param {Blob} image
 * @param {AbortSignal} signal
 * @param {(share: number) => void} onProgress
 * @returns {Promise<void>}
 */
function sendForm({ url, fields }, image, signal, onProgress) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append("file", image); // last: S3 reads no field behind it
  return new Promise((resolve, reject) => {
    const way = new XMLHttpRequest(); // fetch tells nothing of how far it is
    const stop = (/** @type {unknown} */ reason) => {
      reject(reason);
      way.abort();
    };
    let timer = 0;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => stop(new Problem("timeout", "")), STANDSTILL);
    };
    way.upload.addEventListener("progress", ({ loaded, total }) => {
      wait();
      onProgress(total > 0 ? loaded / total : 0);
    });
    way.addEventListener("load", () => {
      if (way.status < 300) resolve();
      else reject(new Problem(way.status < 500 ? "upload-refused" : "unreachable", ""));
    });
    way.addEventListener("error", () => reject(new Problem("unreachable", "")));
    way.addEventListener("loadend", () => clearTimeout(timer));
    signal.addEventListener("abort", () => stop(signal.reason), { once: true });
    way.open("POST", url);
    way.send(data);
    wait();
  });
}

/**
 * Ask until it has been read.
 *
 * @param {string} id
 * @param {AbortSignal} signal
 * @returns {Promise<any>} the record
 */
async function waitForReading(id, signal) {
  const end = performance.now() + PATIENCE;
  for (;;) {
    let pause = PAUSE;
    try {
      const response = await request(`api/recognitions/${encodeURIComponent(id)}`, { signal });
      if (response.status !== 202) return await response.json();
      pause = Number(response.headers.get("Retry-After")) || PAUSE;
    } catch (error) {
      // The image is there: a moment without a network is no reason to send it again.
      const isPassing =
        error instanceof Problem && ["unreachable", "rate-limited"].includes(error.type);
      if (!isPassing || performance.now() > end) throw error;
      pause = error.pause || PAUSE;
    }
    if (performance.now() > end) throw new Problem("upload-unread", "");
    await sleep(pause, signal);
  }
}

/**
 * @param {number} seconds
 * @param {AbortSignal} signal
 */
function sleep(seconds, signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    setTimeout(resolve, seconds * 1000);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** @param {string} id of what nobody waits for; it goes by itself too, in time */
function abandon(id) {
  client.remove(id).catch((error) => console.error(`The upload ${id} is still kept.`, error));
}

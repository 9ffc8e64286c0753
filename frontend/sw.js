// @ts-check
/**
 * The service worker: keeps the page, so that it opens at once and without a network.
 *
 * It keeps generations, each of them whole: every file that the server's list names, with the
 * hashes that the list gives. A visit is opened from one generation and stays with it, so that no
 * page is ever put together from the files of two versions. At each visit the list is asked for
 * anew: a new version is shown as soon as it is here as a whole, and the last whole one where it
 * can't be had, half of it is deployed, or it is slow. Nothing else is kept: no answer, no error.
 * A browser that has no room, or a list that never fits, leaves the page to its server.
 */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

const SCOPE = worker.registration.scope;
/** The page's files with their hashes, as the server makes it from what it has. */
const LIST = `${SCOPE}shell.json`;
const INDEX = "index.html";
/** The caches of an origin are shared by whatever stands below another path of it. */
const PREFIX = `inkling ${SCOPE} `;

/** Milliseconds that a visit waits for a newer version. */
const PATIENCE = 2000;
/** Milliseconds until a file that doesn't come is given up. */
const GIVE_UP = 30_000;
/** Milliseconds, a week, that a version is shown without the server's having confirmed it. */
const LONGEST = 7 * 24 * 3_600_000;
/** A kept list's header: when it was last the server's. */
const CONFIRMED = "Confirmed";
/** Generations: the last, and the one before, which a page may still show. */
const KEPT = 2;

/** @typedef {Record<string, string>} Hashes  of each file, by its path */

/**
 * Each visitor's generation. Lost whenever the browser puts the worker to sleep.
 * @type {Map<string, string | undefined>}
 */
const visitors = new Map();

/** @type {Promise<void> | null} */
let updating = null;

worker.addEventListener("install", (event) => {
  worker.skipWaiting(); // pages that are open keep their generation, whoever serves them
  event.waitUntil(update());
});
worker.addEventListener("activate", (event) => event.waitUntil(tidy()));
worker.addEventListener("fetch", (event) => {
  const { method, mode, url, destination } = event.request;
  if (method !== "GET" || !url.startsWith(SCOPE)) return;
  if (mode === "navigate") {
    const [path] = url.slice(SCOPE.length).split(/[?#]/);
    if (path === "" || path === INDEX) event.respondWith(open(event));
  } else if (["script", "style", "image", "manifest"].includes(destination)) {
    event.respondWith(answer(event));
  }
});

/**
 * The page, of the newest generation that is whole.
 *
 * @param {FetchEvent} event
 */
async function open(event) {
  // Goes on where it takes too long now, for the next visit.
  const updated = update().catch(() => {});
  event.waitUntil(updated);
  await Promise.race([updated, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  const generation = await findFit().catch(() => undefined);
  if (!generation) return fetch(event.request);
  const { name, page, isConfirmed } = generation;
  if (!isConfirmed) {
    const response = await fetch(event.request).catch(() => null);
    if (response?.ok) return response;
  }
  const visitor = event.resultingClientId;
  visitors.set(visitor, name);
  const cache = await caches.open(name).catch(() => null);
  await cache?.put(noteOf(visitor), new Response()).catch(() => {}); // there may be no room
  return page;
}

/** What a visit may be opened from: the newest generation that is whole. */
async function findFit() {
  const [name] = await list();
  if (name === undefined) return undefined;
  const [page, known] = await Promise.all([
    caches.match(SCOPE, { cacheName: name }),
    caches.match(LIST, { cacheName: name }),
  ]);
  const confirmed = Number(known?.headers.get(CONFIRMED) ?? 0);
  return page && { name, page, isConfirmed: Date.now() - confirmed < LONGEST };
}

/**
 * A file of the visitor's own generation; whatever belongs to none comes from the server.
 *
 * @param {FetchEvent} event
 */
async function answer({ request, clientId }) {
  const kept = await findKept(request, clientId).catch(() => undefined);
  return kept || fetch(request);
}

/**
 * @param {Request} request
 * @param {string} visitor
 */
async function findKept(request, visitor) {
  if (!visitors.has(visitor)) visitors.set(visitor, await recall(visitor));
  const cacheName = visitors.get(visitor);
  return cacheName && caches.match(request, { cacheName, ignoreVary: true });
}

/**
 * Have the version that the server's list names, as a whole. One such at a time.
 *
 * @returns {Promise<void>} rejects where it can't be had
 */
function update() {
  updating ??= replace().finally(() => {
    updating = null;
  });
  return updating;
}

async function replace() {
  const fresh = [LIST, SCOPE].map((address) => fetchFile(address, "no-cache"));
  const [response, page] = await Promise.all(fresh);
  if (response.status === 404 || response.status === 410) return retire();
  if (!response.ok) throw new Error(`${LIST} is answered with ${response.status}.`);
  const text = await response.text();
  /** @type {Hashes} */
  const hashes = JSON.parse(text);
  const [last] = await list();
  const before = last === undefined ? null : await caches.open(last);
  const textBefore = await (await before?.match(LIST))?.text();
  /** @type {Hashes} */
  const hashesBefore = JSON.parse(textBefore ?? "{}");
  if (before && textBefore === text) {
    // The same version. But the page's headers may be new, and one of them is its policy.
    await before.put(SCOPE, await check(page, hashes[INDEX]));
    await before.put(LIST, confirm(text));
    return;
  }
  const name = PREFIX + Date.now();
  const cache = await caches.open(name);
  try {
    await Promise.all(
      Object.entries(hashes).map(async ([path, hash]) => {
        if (path === INDEX) return cache.put(SCOPE, await check(page, hash));
        const address = SCOPE + path;
        const kept = hashesBefore[path] === hash ? await before?.match(address) : undefined;
        await cache.put(address, kept ?? (await find(address, hash)));
      }),
    );
    await cache.put(LIST, confirm(text)); // last: what has it is whole
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
  await tidy();
}

/** @param {string} text a list, as the server has it now */
function confirm(text) {
  return new Response(text, { headers: { [CONFIRMED]: String(Date.now()) } });
}

/**
 * A file, from wherever it's nearest: on a first visit the page has just had most of them, and
 * its hash tells whether what the browser has is of this version.
 *
 * @param {string} address
 * @param {string} hash
 */
async function find(address, hash) {
  try {
    return await check(await fetchFile(address, "force-cache"), hash);
  } catch {
    return check(await fetchFile(address, "no-cache"), hash);
  }
}

/**
 * @param {Response} response
 * @param {string} hash
 * @returns {Promise<Response>} the same; rejects where it's no file, or none of that hash
 */
async function check(response, hash) {
  if (!response.ok) throw new Error(`${response.url} is answered with ${response.status}.`);
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  const found = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0"));
  if (!found.join("").startsWith(hash)) throw new Error(`${response.url} is of another version.`);
  return response;
}

/**
 * @param {string} address
 * @param {RequestCache} cache
 */
function fetchFile(address, cache) {
  const signal = AbortSignal.timeout(GIVE_UP);
  return fetch(address, { cache, redirect: "error", signal });
}

/** The whole generations, the newest first. */
async function list() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const whole = await Promise.all(names.map((name) => caches.match(LIST, { cacheName: name })));
  return names.filter((_, i) => whole[i]).reverse();
}

/**
 * Where a generation notes that a visitor has it.
 *
 * @param {string} visitor
 */
function noteOf(visitor) {
  return `${SCOPE}?visitor=${visitor}`;
}

/**
 * @param {string} visitor
 * @returns {Promise<string | undefined>} the visitor's generation
 */
async function recall(visitor) {
  for (const name of await list()) {
    if (await caches.match(noteOf(visitor), { cacheName: name })) return name;
  }
  return undefined;
}

/** Forget old generations, and the visitors that have left. */
async function tidy() {
  const kept = (await list()).slice(0, KEPT);
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX)) continue;
    if (!kept.includes(name)) {
      await caches.delete(name);
      continue;
    }
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      const visitor = new URL(url).searchParams.get("visitor");
      if (visitor && !(await worker.clients.get(visitor))) await cache.delete(url);
    }
  }
}

/** There is no list any more: leave the page to its server. */
async function retire() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(names.map((name) => caches.delete(name)));
  await worker.registration.unregister();
}

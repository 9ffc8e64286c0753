// @ts-check

/** The service worker, beside the page. */
const WORKER = new URL("../sw.js", import.meta.url).href;

/**
 * The browser's own types have no Trusted Types yet.
 * @typedef {{ createScriptURL: (address: string) => string }} Policy
 * @typedef {{ createPolicy: (name: string, rules: Policy) => Policy }} TrustedTypes
 */

/**
 * Have the page kept by a service worker, so that it opens without a network and can be installed.
 *
 * Not before the page itself is all there. A browser that has no such workers, or allows none
 * here, goes without.
 */
export function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}

async function register() {
  try {
    // Each visit asks for the worker anew: it decides by itself what else is to be asked for.
    await navigator.serviceWorker.register(trust(WORKER), { updateViaCache: "none" });
  } catch (error) {
    console.info("The page is not kept on this device.", error);
  }
}

/**
 * Under the page's policy a script has to come from an address that was looked at: this one alone.
 *
 * @param {string} address
 */
function trust(address) {
  const { trustedTypes } = /** @type {{ trustedTypes?: TrustedTypes }} */ (
    /** @type {unknown} */ (window)
  );
  if (!trustedTypes) return address;
  const policy = trustedTypes.createPolicy("inkling", {
    createScriptURL(asked) {
      if (asked !== WORKER) throw new TypeError(`No script is to come from ${asked}.`);
      return asked;
    },
  });
  return policy.createScriptURL(address);
}

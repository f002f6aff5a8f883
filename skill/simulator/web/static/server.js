// Talks to the simulator's server; every failure is one sentence that the page can show.

const token = setting("token");

/** What went wrong, as a sentence for the person at the page. */
export class Trouble extends Error {}

/** What the server wrote into the page under `name`. */
export function setting(name) {
  return document.querySelector(`meta[name="${name}"]`).content;
}

/** Posts `body` (text or a Blob) and gives what the server answers. */
export async function send(path, body = "") {
  const options = { method: "POST", body, headers: { "X-Askable-Token": token } };
  return (await ask(path, options)).json();
}

/** The Blob at `path`; `signal` gives it up. */
export async function load(path, signal) {
  return (await ask(path, { signal })).blob();
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Trouble("The simulator does not answer; start `askable simulator` again and reload.");
  }
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  throw new Trouble(told.error || `The simulator failed (${response.status}); try once more.`);
}

// Runs the browser SDK through what a page does and prints what it saw. Storage and EventSource are a page's; Node
// has neither, so both stand in here in their smallest form.
import { readFileSync } from "node:fs";

class EventSource {
  constructor(url) {
    this.listeners = {};
    this.abort = new AbortController();
    this.read(url).catch(() => this.tell("error", {}));
  }
  async read(url) {
    const answer = await fetch(url, { headers: { Accept: "text/event-stream" }, signal: this.abort.signal });
    this.tell("open", {});
    let text = "";
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      let end = text.indexOf("\n\n");
      for (; end >= 0; end = text.indexOf("\n\n")) {
        this.dispatch(text.slice(0, end));
        text = text.slice(end + 2);
      }
    }
  }
  dispatch(block) {
    const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: ?(.*)/s).slice(0, 2)));
    if (fields.data !== undefined) this.tell(fields.event ?? "message", { data: fields.data, type: fields.event });
  }
  tell(type, event) {
    this[`on${type}`]?.(event);
    for (const listener of this.listeners[type] ?? []) listener(event);
  }
  addEventListener(type, listener) {
    (this.listeners[type] ??= []).push(listener);
  }
  removeEventListener() {}
  close() {
    this.abort.abort();
  }
}
globalThis.EventSource = EventSource;
globalThis.window = globalThis; // without one the SDK uses neither its cache nor real-time updates

const { createFlagsmithInstance } = await import("@flagsmith/flagsmith/isomorphic");
const { apiUrl, realtimeUrl, key, managementUrl, token } = JSON.parse(readFileSync(0, "utf8"));

const memory = new Map();
const AsyncStorage = {
  getItem: async (name, done) => (done?.(null, memory.get(name) ?? null), memory.get(name) ?? null),
  setItem: async (name, value) => void memory.set(name, value),
  removeItem: async (name) => void memory.delete(name),
};
const common = { environmentID: key, api: apiUrl, AsyncStorage };
const shown = (flagsmith) =>
  Object.fromEntries(
    Object.entries(flagsmith.getAllFlags()).map(([name, flag]) => [name, [flag.enabled, flag.value, flag.variant ?? null]]),
  );

const story = {};
const page = createFlagsmithInstance();
await page.init({ ...common, cacheFlags: true });
story.anonymous = shown(page);
await page.identify("zoe", { plan: "pro", visits: 3 });
story.identified = shown(page);
story.traits = page.getAllTraits();
await page.setTraits({ plan: "basic", visits: null });
story.changed = shown(page);
await page.setTrait("colour", "green");
await page.identify("passer-by", { plan: "pro" }, true);
story.transient = shown(page);
await page.logout();
story.loggedOut = shown(page);
await page.identify("zoe");
story.back = shown(page);

const later = createFlagsmithInstance();
await later.init({ ...common, cacheFlags: true, cacheOptions: { skipAPI: true }, identity: "zoe" });
story.cached = shown(later);

const started = createFlagsmithInstance();
await started.init({ ...common, state: page.getState(), preventFetch: true });
story.fromState = shown(started);

const live = createFlagsmithInstance();
let arrived;
const change = new Promise((resolve, reject) => {
  arrived = resolve;
  setTimeout(() => reject(new Error("no change arrived")), 4000);
});
await live.init({
  ...common,
  realtime: true,
  eventSourceUrl: realtimeUrl,
  onChange: () => live.getValue("text") === "live" && arrived(),
});
await fetch(managementUrl, {
  method: "PUT",
  headers: { Authorization: token, "Content-Type": "application/json" },
  body: JSON.stringify({ feature_state_value: "live" }),
});
await change;
story.live = shown(live);

process.stdout.write(JSON.stringify(story), () => process.exit(0));

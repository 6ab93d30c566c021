/** Components that each try one thing the platform does, as files of a package. */
export const FILES: Record<string, string> = {
  "probe.app.mjs": `export default {
  type: "app", app: "probe_app",
  propDefinitions: { word: { type: "string", label: "Word", options: ({ page, prevContext }) => ({
    options: page < 2 ? ["page " + page + " after " + (prevContext.last ?? "none")] : [], context: { last: page } }) } },
  methods: { who() { return "I am " + this.$auth.name; } },
};`,
  ...action(
    "chain",
    `props: { first: { type: "string", reloadProps: true } },
    additionalProps(known) {
      const props = { second: { type: "string", label: "For " + this.first, reloadProps: true } };
      if (this.second) props.third = { type: "integer", label: "After " + this.second, reloadProps: true };
      if (this.third) props.fourth = { type: "string", label: "Knew " + Object.keys(known).join(" ") };
      return props;
    },
    run() { return [this.first, this.second, this.third, this.fourth]; },`,
  ),
  ...action(
    "late-app",
    `props: { kind: { type: "string", reloadProps: true } },
    additionalProps() { return { late: app }; },
    run() { return this.late.who(); },`,
    'import app from "../../probe.app.mjs";',
  ),
  ...action(
    "paged",
    `props: { app, word: { propDefinition: [app, "word"] } }, run() { return this.word; },`,
    'import app from "../../probe.app.mjs";',
  ),
  ...action(
    "files",
    `props: { dir: { type: "dir" } },
    async run() {
      const file = await this.dir.open("deep/note.txt").fromReadableStream(Readable.from(["noted"]));
      const names = [];
      for await (const entry of this.dir.dir("deep")) names.push(entry.name);
      return { names, url: await file.toUrl(), text: (await file.toBuffer()).toString() };
    },`,
    'import { Readable } from "node:stream";',
  ),
  ...action(
    "literal-tmp",
    `props: { syncDir: { type: "dir", accessMode: "write", sync: true } },
    run() { writeFileSync("/tmp/report.csv", "a,b"); return "/tmp/report.csv"; },`,
    'import { writeFileSync } from "node:fs";',
  ),
  ...action(
    "flow",
    `props: {},
    run({ $ }) {
      $.export("one", 1);
      $.export("$summary", "Summed up");
      return { context: typeof $.context.id, suspended: $.flow.suspend(1000) !== undefined };
    },`,
  ),
  ...action(
    "mutable",
    `props: { db: "$.service.db" },
    run({ $ }) { this.extra = 1; $.context.mine = this.extra; return [$.context.mine, process.version.startsWith("v")]; },`,
  ),
  ...action(
    "limits",
    `props: {}, run() { return { stream: process.stdout, at: new Date(0), big: undefined }; },`,
  ),
  ...action("cycle", `props: {}, run() { const ring = { name: "ring" }; ring.self = ring; return ring; },`),
  ...action(
    "request",
    `props: { url: { type: "string" } },
    async run({ $ }) { return axios($, { url: this.url, params: { q: "a b" } }); },`,
    'import { axios } from "@pipedream/platform";',
  ),
  ...action(
    "labelled",
    `props: { one: { type: "string", withLabel: true }, two: { type: "string" } },
    run() { return [this.one, this.two]; },`,
  ),
  ...action(
    "stored",
    `props: { store: { type: "data_store" } },
    async run() {
      await this.store.set("k", { n: 1 }, { ttl: 100 });
      const entries = [];
      for await (const entry of this.store) entries.push(entry);
      return [await this.store.get("k"), await this.store.has("no"), entries];
    },`,
  ),
  ...source(
    "two-timers",
    `props: {
      fast: { type: "$.interface.timer", default: { intervalSeconds: 1 } },
      slow: { type: "$.interface.timer", default: { cron: "0 0 1 1 *", timezone: "UTC" } },
    },
    run(event) { this.$emit({ by: event.cron ?? event.interval_seconds }); },`,
  ),
  ...source(
    "hooked",
    `props: { hook: { type: "$.interface.apphook", appProp: "probe_app", eventNames: ["message"] } },
    run(event) { this.$emit(event); },`,
  ),
  ...source(
    "keeps-files",
    `props: { dir: { type: "dir" }, timer: { type: "$.interface.timer", static: { intervalSeconds: 3600 } } },
    async run() {
      const file = this.dir.open("count.txt");
      const before = await file.toBuffer().then(String, () => "");
      await file.fromReadableStream(Readable.from([before + "x"]));
      this.$emit({ count: (before + "x").length, url: await file.toUrl() });
    },`,
    'import { Readable } from "node:stream";',
  ),
  ...source(
    "bodies",
    `props: { http: "$.interface.http" },
    run(event) { this.$emit({ body: event.body, keys: Object.keys(event).sort() }); },`,
  ),
  ...source(
    "answers",
    `props: { http: { type: "$.interface.http", customResponse: true } },
    run(event) { this.http.respond({ status: 202, headers: { "x-mine": "1" }, body: { got: event.query.q } }); },`,
  ),
  ...dedupe("unique", [3, 1, 3, 2]),
  ...dedupe("greatest", [3, 1, 5, 4]),
  ...dedupe("last", [1, 2, 3]),
  ...source(
    "ordered",
    `props: { timer: { type: "$.interface.timer", static: { intervalSeconds: 3600 } } },
    run() { for (const ts of [3000, 1000, 2000]) this.$emit({ ts }, { id: ts, ts, summary: "at " + ts }); },`,
  ),
  ...source(
    "life",
    `props: { db: "$.service.db", timer: { type: "$.interface.timer", static: { intervalSeconds: 3600 } } },
    hooks: {
      deploy() { this.db.set("hooks", ["deploy"]); this.$emit({ from: "deploy" }); },
      activate() { this.db.set("hooks", [...this.db.get("hooks"), "activate"]); },
    },
    run() { this.$emit({ hooks: this.db.get("hooks") }); },`,
  ),
};

function action(name: string, body: string, imports = ""): Record<string, string> {
  return component("actions", name, `type: "action", ${body}`, imports);
}
function source(name: string, body: string, imports = ""): Record<string, string> {
  return component("sources", name, `type: "source", ${body}`, imports);
}
function component(folder: string, name: string, body: string, imports: string): Record<string, string> {
  return {
    [`${folder}/${name}/${name}.mjs`]: `${imports}
export default { key: "probe-${name}", name: "${name}", description: "Tries it", version: "0.0.1",
    ${body} };
`,
  };
}
/** Emits these ids in one run. */
function dedupe(mode: string, ids: number[]): Record<string, string> {
  return source(
    `dedupe-${mode}`,
    `dedupe: "${mode}",
    props: { timer: { type: "$.interface.timer", static: { intervalSeconds: 3600 } } },
    run() { for (const id of ${JSON.stringify(ids)}) this.$emit({ id }, { id, summary: String(id) }); },`,
  );
}

import { present } from "../../helpers/present";
/** Components for the fake host: one prop of every kind, options in pages, fields that depend on other fields. */

export const apps = [
  { id: "app_1", name_slug: "demo", name: "Demo", auth_type: "oauth" },
  { id: "app_3", name_slug: "vault", name: "Vault", auth_type: "keys" },
  { id: "app_2", name_slug: "clock", name: "Clock", auth_type: null },
];

export const connection = {
  app: { slug: "demo", name: "Demo", description: "" },
  type: "oauth",
  redirect_uri: "http://127.0.0.1/connect/callback",
  kinds: [
    {
      kind: "authorization_code",
      label: "Sign in in the browser",
      description: "",
      by: "browser",
      help: "Ask an **administrator** for the client.",
      fields: [
        {
          name: "instance_name",
          label: "Instance name",
          description: "As in the address bar, like `dev98042`.",
        },
        {
          name: "client_id",
          label: "Client ID",
          description: "Of the OAuth client.",
          default: "demo-client",
        },
        { name: "client_secret", label: "Client secret", description: "Kept encrypted.", secret: true },
      ],
    },
  ],
};

const app = { name: "demo", type: "app", app: "demo" };

export const sources = [
  {
    key: "demo-new-thing",
    name: "New Thing",
    version: "0.0.1",
    description: "Emits an event for each new **thing**. [See the documentation](https://example.com)",
    configurable_props: [
      app,
      { name: "db", type: "$.service.db" },
      { name: "timer", type: "$.interface.timer", default: { intervalSeconds: 900 } },
      { name: "note", type: "alert", alertType: "info", content: "Things are **counted** twice." },
      {
        name: "table",
        type: "string",
        label: "Table",
        description: "Where to look.",
        remoteOptions: true,
        useQuery: true,
      },
      { name: "columns", type: "string[]", label: "Columns", remoteOptions: true, optional: true },
    ],
  },
  {
    key: "demo-other",
    name: "Other Source",
    description: "Another one.",
    configurable_props: [{ name: "clock", type: "app", app: "clock" }],
  },
];

export const actions = [
  {
    key: "demo-every-prop",
    name: "Every Prop",
    description: "Has a prop of every kind.",
    annotations: { destructiveHint: true, readOnlyHint: false },
    configurable_props: [
      app,
      { name: "title", type: "string", label: "Title", description: "A text." },
      { name: "count", type: "integer", label: "Count", min: 1, max: 10, default: 5 },
      { name: "ratio", type: "number", label: "Ratio", optional: true },
      { name: "loud", type: "boolean", label: "Loud", default: true },
      {
        name: "state",
        type: "string",
        label: "State",
        options: [
          { label: "Open", value: "1" },
          { label: "Shut", value: "2" },
        ],
      },
      { name: "tags", type: "string[]", label: "Tags", optional: true },
      { name: "values", type: "object", label: "Values" },
      { name: "payload", type: "any", label: "Payload", optional: true },
      { name: "password", type: "string", label: "Password", secret: true, optional: true },
      { name: "unheard", type: "string", hidden: true, default: "kept by the host" },
    ],
  },
  {
    key: "demo-changing-fields",
    name: "Changing Fields",
    description: "Its fields depend on the kind.",
    configurable_props: [
      app,
      { name: "kind", type: "string", label: "Kind", options: ["box", "ball", "broken"], reloadProps: true },
    ],
  },
];

const tables = Array.from({ length: 120 }, (_, at) => ({
  label: `Table ${at + 1}`,
  value: `u_table_${at + 1}`,
}));

export function optionsFor(body: Record<string, unknown>) {
  const blank = { options: null, stringOptions: null, context: {}, observations: [], errors: [] as string[] };
  if (body.prop_name === "columns") {
    if (JSON.stringify(body.configured_props).includes("u_table_2"))
      return {
        ...blank,
        errors: [
          JSON.stringify({ name: "Error", message: "You may not read the columns. Type a column name." }),
        ],
      };
    return { ...blank, stringOptions: ["number", "state", "opened_at"] };
  }
  const query = (typeof body.query === "string" ? body.query : "").toLowerCase();
  const page = Number(body.page ?? 0);
  return {
    ...blank,
    options: tables
      .filter(({ label }) => label.toLowerCase().includes(query))
      .slice(page * 50, page * 50 + 50),
  };
}

export function propsFor(body: Record<string, unknown>) {
  const { kind } = body.configured_props as { kind?: string };
  if (kind === "broken")
    return {
      errors: [JSON.stringify({ name: "ConfigurationError", message: "That kind is out of stock." })],
    };
  const own = present(actions[1]).configurable_props;
  const extra =
    kind === "box"
      ? { name: "width", type: "integer", label: "Width" }
      : { name: "colour", type: "string", label: "Colour" };
  return {
    dynamicProps: { id: `dyp_${kind}`, configurableProps: [...own, extra] },
    errors: [],
    observations: [],
  };
}

const caller = {
  display_value: "Ada Lovelace",
  value: "6816f79cc0a8016401c5a33be04be441",
  link: "https://dev98042.example.com/api/now/table/sys_user/6816f79cc0a8016401c5a33be04be441",
};

/** Records as a list action gives them: display and stored values, a reference, an empty column, a technical one. */
const recordsOf = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    sys_id: `id${at}`,
    state: { display_value: at % 2 ? "New" : "Closed", value: String(at % 2 ? 1 : 7) },
    close_notes: "",
    caller_id: caller,
    opened_at: "2026-01-05 10:00:00",
    short_description: at === 3 ? '=HYPERLINK("x"), "quoted"' : `Printer ${at} is on fire`,
    number: `INC${String(at).padStart(7, "0")}`,
  }));

/** A run of an action as it is kept once it has ended. */
export function actionRun(id: string, body: Record<string, unknown>) {
  const input = body.configured_props as Record<string, unknown>;
  const now = new Date().toISOString();
  return {
    id,
    action: body.id,
    version: "0.0.1",
    caller: "page",
    client: "the page",
    error: null,
    repeat_of: null,
    started_at: now,
    finished_at: now,
    input,
    result_removed: false,
    files: [],
    ...outcomeOf(String(input.title)),
  };
}

function outcomeOf(title: string) {
  const log = (level: string, message: string) => [{ ts: 1, level, message }];
  if (title === "fail")
    return {
      status: "failed",
      summary: null,
      error: { message: "The table “x” does not exist. Choose another table." },
      exports: {},
      result: null,
      logs: log("info", "Trying"),
    };
  if (title.startsWith("records "))
    return {
      status: "succeeded",
      summary: "Found records",
      exports: { $summary: "Found records" },
      result: { records: recordsOf(Number(title.slice(8))), complete: true },
      logs: log("warn", "Two fields were not taken over."),
    };
  return {
    status: "succeeded",
    summary: "Made one thing",
    exports: { $summary: "Made one thing", other: { a: 1 } },
    result: { number: "THING1", count: 5, ok: true },
    logs: log("info", "Made it"),
  };
}

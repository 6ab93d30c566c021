/**
 * What must compile and what must not. The compiler is the judge (`npm run check`): every line under a `@ts-expect-error` has to be an
 * error, everything else has to be none. At run time the functions only hand back what they get.
 */
import { defineAction, defineApp, defineSource } from "../../components";
import { asText } from "../../components/prop-rules";

const app = defineApp({
  type: "app",
  app: "shelf",
  propDefinitions: {
    book: {
      type: "string",
      label: "Book",
      description: "Which book",
      useQuery: true,
      async options({ page, query, prevContext, author }) {
        const titles: string[] = await this.titles(asText(author), query ?? "", page);
        // @ts-expect-error the app has no such method
        void this.unknown;
        return { options: titles.map((value) => ({ label: value, value })), context: prevContext };
      },
    },
    count: { type: "integer", label: "Count", description: "How many", optional: true, min: 1, default: 5 },
  },
  methods: {
    async titles(author: string, query: string, page: number) {
      return [`${author}${query}${page}`, String(this.$auth.oauth_access_token)];
    },
    first() {
      return this.titles("", "", 0);
    },
  },
});

const action = defineAction({
  key: "shelf-lend-book",
  name: "Lend Book",
  description: "Lends a book. [See the documentation](https://example.com)",
  version: "0.0.1",
  type: "action",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    shelf: app,
    note: { type: "alert", alertType: "info", content: "Mind the date" },
    author: { type: "string", label: "Author", description: "Who wrote it", reloadProps: true },
    book: {
      propDefinition: [app, "book", (configured) => ({ author: configured.author })],
      optional: true,
    },
    book2: { propDefinition: [app, "book"] },
    count: { propDefinition: [app, "count"] },
    days: { type: "integer[]", label: "Days", description: "Which days" },
    reader: { type: "string", label: "Reader", description: "Who", withLabel: true },
    folder: { type: "dir", accessMode: "write", sync: true },
    query: { type: "sql", auth: { app: "shelf" } },
    file: { type: "string", label: "File", description: "A file", format: "file-ref", optional: true },
    choice: {
      type: "string",
      label: "Choice",
      description: "One of them",
      options: async () => ["a", "b"],
    },
  },
  methods: {
    greet(name: string) {
      return `${name} ${this.author.length}`;
    },
  },
  additionalProps(previous) {
    const author: string = this.author;
    if (previous.book) previous.book.hidden = author === "";
    return { extra: { type: "string", label: "Extra", description: "More" } };
  },
  async run({ $ }) {
    const book: string | undefined = this.book;
    const book2: string = this.book2;
    const count: number | undefined = this.count;
    const days: number[] = this.days;
    const reader: { label: string; value: string } = this.reader;
    const titles: string[] = await this.shelf.titles(this.author, "", 0);
    const token: string | undefined = this.shelf.$auth.oauth_access_token;
    // @ts-expect-error optional props may be missing
    const never: string = this.book;
    // @ts-expect-error there is no such prop
    void this.pages;
    // @ts-expect-error a number is no text
    const text: string = this.days;
    $.flow.suspend();
    void $.respond({ status: 200, headers: { a: "b" }, body: {} });
    $.export("$summary", this.greet("x"));
    return { id: $.context.id, book, book2, count, days, reader, titles, token, never, text };
  },
});

defineAction({
  key: "shelf-wrong",
  name: "Wrong",
  description: "Names a definition that the app lacks",
  version: "0.0.1",
  type: "action",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true },
  props: {
    shelf: app,
    // @ts-expect-error the app has no definition of this name
    page: { propDefinition: [app, "page"] },
  },
  async run() {},
});

defineAction({
  key: "shelf-wrong-type",
  name: "Wrong Type",
  description: "Has a prop of a type that does not exist",
  version: "0.0.1",
  type: "action",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true },
  props: {
    shelf: app,
    // @ts-expect-error there is no such type
    other: { type: "text" },
  },
  async run() {},
});

interface Loan {
  id: string;
}
const source = defineSource({
  key: "shelf-new-loan",
  name: "New Loan",
  description: "Emit new event for each loan",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  sampleEmit: { id: "1" },
  props: {
    shelf: app,
    db: "$.service.db",
    timer: { type: "$.interface.timer", default: { intervalSeconds: 900 } },
    limit: { type: "integer", label: "Limit", description: "At most", optional: true },
  },
  methods: {
    cursor(): string {
      return asText(this.db.get("cursor"));
    },
    send(loan: Loan) {
      this.$emit(loan, { id: loan.id, summary: "Loan", ts: 1, delivery_ts: 2 });
    },
  },
  hooks: {
    async deploy() {
      this.send({ id: this.cursor() });
      // @ts-expect-error there is no such method
      void this.unknown;
    },
  },
  async run(event) {
    const seconds: number = event.timestamp;
    // @ts-expect-error a timer event has no body
    void event.body;
    this.db.set("cursor", [seconds, this.limit]);
    // @ts-expect-error metadata needs a time
    this.$emit({}, { id: "1", summary: "x" });
  },
});

defineSource({
  key: "shelf-new-call",
  name: "New Call",
  description: "Emit new event for each call",
  version: "0.0.1",
  type: "source",
  props: { http: { type: "$.interface.http", customResponse: true } },
  async run(event) {
    this.http.respond({ status: 200, body: event.headers });
    this.$emit(event);
  },
});

describe("define functions", () => {
  it("hand back the object they get, so that the build can take them away", () => {
    expect(Object.keys(app.methods)).toContain("first");
    expect(action.type).toBe("action");
    expect(action.props.shelf).toBe(app);
    expect(source.props.db).toBe("$.service.db");
  });
});

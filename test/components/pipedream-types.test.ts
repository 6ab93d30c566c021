/**
 * Our types beside those of `@pipedream/types` 0.3: the compiler is the judge (`npm run check`). What one side accepts, the other accepts too, with
 * the exceptions below, where theirs say less than the platform does.
 */
import type * as pipedream from "@pipedream/types";
import { defineAction, defineApp, defineSource, type AnyApp, type AnyComponent } from "../../components";
import { actions, app, sources } from "../../components/registry";

const shelf = defineApp({
  type: "app",
  app: "shelf",
  methods: {
    first() {
      return String(this.$auth.oauth_access_token);
    },
  },
  propDefinitions: {
    book: {
      type: "string",
      label: "Book",
      description: "Which book",
      async options({ page }) {
        return page > 0 ? [] : [{ label: this.first(), value: "1" }];
      },
    },
  },
});

const lend = defineAction({
  key: "shelf-lend-book",
  name: "Lend Book",
  description: "Lends a book",
  version: "0.0.1",
  type: "action",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    shelf,
    book: { propDefinition: [shelf, "book"] },
    days: { type: "integer", label: "Days", description: "How long", optional: true, min: 1 },
  },
  async run({ $ }) {
    $.export("$summary", `Lent ${this.book}`);
    return this.days;
  },
});

const loans = defineSource({
  key: "shelf-new-loan",
  name: "New Loan",
  description: "Emit new event for each loan",
  version: "0.0.1",
  type: "source",
  dedupe: "unique",
  props: {
    shelf,
    db: { type: "$.service.db" },
    timer: { type: "$.interface.timer", default: { intervalSeconds: 900 } },
  },
  hooks: {
    async deploy() {
      this.$emit({ id: "1" }, { id: "1", summary: "First", ts: 1 });
    },
  },
  async run() {},
});

/** A component as theirs describes it, apart from `run` and `additionalProps`: theirs may be called without options, which no platform does. */
type Described<Component> = Omit<Component, "run" | "additionalProps" | "methods" | "hooks">;
type TheirAction = Described<pipedream.Action<pipedream.Methods, pipedream.ActionPropDefinitions>>;
type TheirSource = Described<pipedream.DedupedSource<pipedream.Methods, pipedream.SourcePropDefinitions>>;
type TheirApp = pipedream.App<object, object>;

/**
 * Theirs have no read-only lists, where ours are read-only all through; and theirs say that an options function may be called without a page,
 * which no platform does. So lists become writable here, and of functions only what they return is compared.
 */
type Writable<T> = T extends (...all: never[]) => infer Returned
  ? (...all: unknown[]) => Returned
  : { -readonly [Key in keyof T]: Writable<T[Key]> };
const writable = <T>(value: T): Writable<T> => value as unknown as Writable<T>;

/** What their run functions are called with, once the platform calls them. */
type TheirRun = Parameters<pipedream.Action<object, object>["run"]>[0];

describe("ours as theirs", () => {
  it("apps, actions and sources", () => {
    const theirApp: TheirApp = shelf;
    const theirAction: TheirAction = { ...lend, props: writable(lend.props) };
    const theirSource: TheirSource = { ...loans, dedupe: "unique", props: writable(loans.props) };
    expect([theirApp.type, theirAction.type, theirSource.type]).toEqual(["app", "action", "source"]);
  });

  it("what run gets from the platform is at least what theirs promise", () => {
    type Ours = Parameters<typeof lend.run>[0];
    type Step = Ours["$"];
    // Every function that their `$` has is one that ours has.
    const same: Exclude<keyof NonNullable<TheirRun>["$"], keyof Step> extends never ? true : false = true;
    expect(same).toBe(true);
  });

  it("every component of the registry", () => {
    const theirApps: TheirApp[] = [app];
    const kinds = [...actions, ...sources].map(({ type }): TheirAction["type"] | TheirSource["type"] => type);
    expect([theirApps.length, new Set(kinds).size]).toEqual([1, 2]);
  });
});

describe("theirs as ours", () => {
  const their: pipedream.App<pipedream.Methods, Record<string, pipedream.UserProp>> = {
    type: "app",
    app: "their_shelf",
    propDefinitions: {
      book: {
        type: "string",
        label: "Book",
        description: "Which",
        options: async () => ["a"],
        secret: false,
      },
    },
    methods: { first: () => "a" },
  };

  it("an app of theirs is an app to the host, and a prop of our actions", () => {
    const known: AnyApp = their;
    const action = defineAction({
      key: "their_shelf-x",
      name: "X",
      description: "X",
      version: "0.0.1",
      type: "action",
      annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true },
      props: { their, book: { propDefinition: [their, "book"] } },
      async run() {
        return this.their.$auth.oauth_uid;
      },
    });
    expect([known.app, action.props.their.app]).toEqual(["their_shelf", "their_shelf"]);
  });

  it("an action or source of theirs is a component to the host, once it has a name and a description", () => {
    type Named = { name: string; description: string; props: object };
    const action: pipedream.Action<object, object> &
      Named & { annotations: Required<AnyComponent>["annotations"] } = {
      key: "x",
      name: "X",
      description: "X",
      version: "0.0.1",
      type: "action",
      annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true },
      props: {},
      run: () => undefined,
    };
    const source: pipedream.NonDedupedSource<object, object> & Named = {
      key: "y",
      name: "Y",
      description: "Y",
      version: "0.0.1",
      type: "source",
      props: {},
      run: () => undefined,
    };
    const components: AnyComponent[] = [action, source];
    expect(components.map(({ key }) => key)).toEqual(["x", "y"]);
  });
});

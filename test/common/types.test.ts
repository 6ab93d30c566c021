/**
 * What must compile and what must not. The compiler is the judge (`npm run check`): every line under a `@ts-expect-error` has to be an
 * error, everything else has to be none. At run time the functions are made and not called.
 */
import {
  type Query,
  createClient,
  where,
  whereFor,
  type Auth,
  type ClientOptions,
  type Pair,
  type QueryInput,
  type ServiceNow,
  type TokenStore,
} from "../../common";

const client = (): ServiceNow => createClient({ instance: "dev1", auth: { type: "token", token: "t" } });
const app = { type: "oauth", clientId: "c" } as const;

/** True only for the very same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is =
  <Expected>() =>
  <Actual>(_value: Actual, yes: Same<Actual, Expected>): boolean =>
    yes;

describe("PS-50, AM-01: a sign-in holds the values of its kind, and no others", () => {
  it("every kind, as it is meant", () => {
    const good: Auth[] = [
      { type: "token", token: "t" },
      { type: "token", token: async () => "t" },
      { type: "basic", username: "u", password: "p" },
      { type: "apiKey", key: "k" },
      { ...app, grant: "password", username: "u", password: "p" },
      { ...app, grant: "client_credentials", clientSecret: "s" },
      { ...app, grant: "refresh_token", refreshToken: "r" },
      { ...app, grant: "jwt_bearer", assertion: () => "a" },
      { ...app, grant: "authorization_code", code: "c", redirectUri: "http://127.0.0.1", codeVerifier: "v" },
      { ...app, grant: "provider", provider: async (last) => last ?? Promise.reject(new Error("none")) },
    ];
    expect(good).toHaveLength(10);
  });

  it("a mix of kinds does not compile", () => {
    const mixed: Auth[] = [
      // @ts-expect-error a token beside a user name
      { type: "token", token: "t", username: "u" },
      // @ts-expect-error a token beside an application
      { type: "token", token: "t", clientId: "c" },
      // @ts-expect-error basic authentication with an application
      { type: "basic", username: "u", password: "p", clientId: "c" },
      // @ts-expect-error basic authentication with a token
      { type: "basic", username: "u", password: "p", token: "t" },
      // @ts-expect-error an API key beside a password
      { type: "apiKey", key: "k", password: "p" },
      // @ts-expect-error OAuth without a grant
      { type: "oauth", clientId: "c", username: "u", password: "p" },
      // @ts-expect-error a password grant with a code
      { ...app, grant: "password", username: "u", password: "p", code: "c" },
      // @ts-expect-error client credentials with a user
      { ...app, grant: "client_credentials", clientSecret: "s", username: "u" },
      // @ts-expect-error a refresh grant with a password
      { ...app, grant: "refresh_token", refreshToken: "r", password: "p" },
      // @ts-expect-error an authorization code with a password
      { ...app, grant: "authorization_code", code: "c", redirectUri: "http://x", password: "p" },
      // @ts-expect-error a JWT grant with a user
      { ...app, grant: "jwt_bearer", assertion: () => "a", username: "u" },
    ];
    expect(mixed).toHaveLength(11);
  });

  it("what a kind lacks does not compile", () => {
    const lacking: Auth[] = [
      // @ts-expect-error no token
      { type: "token" },
      // @ts-expect-error no password
      { type: "basic", username: "u" },
      // @ts-expect-error no key
      { type: "apiKey" },
      // @ts-expect-error no client id
      { type: "oauth", grant: "password", username: "u", password: "p" },
      // @ts-expect-error no password
      { ...app, grant: "password", username: "u" },
      // @ts-expect-error no secret
      { ...app, grant: "client_credentials" },
      // @ts-expect-error no refresh token
      { ...app, grant: "refresh_token" },
      // @ts-expect-error no redirect address
      { ...app, grant: "authorization_code", code: "c" },
      // @ts-expect-error an assertion is made again each time
      { ...app, grant: "jwt_bearer", assertion: "a" },
      // @ts-expect-error no such grant
      { ...app, grant: "implicit" },
      // @ts-expect-error no such kind
      { type: "cookie", value: "x" },
    ];
    expect(lacking).toHaveLength(11);
  });

  it("a client has one instance and one sign-in", () => {
    const wrong: ClientOptions[] = [
      // @ts-expect-error no sign-in
      { instance: "dev1" },
      // @ts-expect-error no instance
      { auth: { type: "token", token: "t" } },
      // @ts-expect-error two instances
      { instance: "dev1", host: "dev1.service-now.com", auth: { type: "token", token: "t" } },
      // @ts-expect-error a user beside the sign-in
      { instance: "dev1", auth: { type: "token", token: "t" }, username: "u" },
    ];
    // @ts-expect-error a store has to be able to write
    const store: TokenStore = { get: async () => null };
    expect([...wrong, store]).toHaveLength(5);
  });
});

describe("PS-21: the result's type follows displayValue and fields", () => {
  interface Incident {
    sys_id: string;
    number: string;
    caller_id: string;
  }

  it("text, pairs, links", () => {
    const reads = async (): Promise<void> => {
      const table = client().table<Incident>("incident");
      const stored = await table.get("1", { fields: ["number"] });
      const shown = await table.get("1", { fields: ["number"], displayValue: "true" });
      const both = await table.get("1", { fields: ["number"], displayValue: "all" });
      const linked = await table.get("1", { fields: ["caller_id"], referenceLinks: true });
      const linkedShown = await table.get("1", {
        fields: ["caller_id"],
        referenceLinks: true,
        displayValue: "true",
      });
      const every = await table.get("1");
      is<{ number: string }>()(stored, true);
      is<{ number: string }>()(shown, true);
      is<{ number: Pair }>()(both, true);
      is<{ caller_id: string | { link: string; value: string } }>()(linked, true);
      is<Incident>()(every, true);
      is<string | null>()(both.number.display_value, true);
      if (typeof linked.caller_id !== "string") void linked.caller_id.value;
      if (typeof linkedShown.caller_id !== "string") {
        void linkedShown.caller_id.display_value;
        // @ts-expect-error a link with a display value has no sys_id
        void linkedShown.caller_id.value;
      }
      // @ts-expect-error not asked for
      void stored.caller_id;
      // @ts-expect-error a stored value is text
      void stored.number.display_value;
      // @ts-expect-error a pair is no text
      void (both.number satisfies string);
      // @ts-expect-error no such kind of display value
      void table.get("1", { displayValue: "both" });
    };
    expect(reads).toBeInstanceOf(Function);
  });

  it("in every way of reading and writing alike", () => {
    const reads = async (): Promise<void> => {
      const table = client().table("incident");
      const options = { fields: ["number"], displayValue: "all" } as const;
      const first = await table.first(options);
      is<{ number: Pair } | null>()(first, true);
      const one = await table.one(options);
      is<{ number: Pair }>()(one, true);
      const { rows } = await table.list(options);
      is<{ number: Pair }[]>()(rows, true);
      for await (const row of table.rows(options)) is<{ number: Pair }>()(row, true);
      for await (const page of table.pages(options)) is<{ number: Pair }[]>()(page.rows, true);
      const made = await table.create({ short_description: "x" }, options);
      is<{ number: Pair }>()(made, true);
      const changed = await table.update("1", { state: 2 }, options);
      is<{ number: Pair }>()(changed, true);
      // @ts-expect-error first may find nothing
      void first.number;
      // @ts-expect-error dot-walked columns that were not asked for
      void one["caller_id.name"];
    };
    expect(reads).toBeInstanceOf(Function);
  });

  it("values of a write are texts, numbers, dates, records, and nothing else", () => {
    const writes = async (): Promise<void> => {
      const table = client().table("incident");
      await table.create({
        state: 1,
        active: true,
        opened_at: new Date(),
        caller_id: { value: "1" },
        x: null,
      });
      // @ts-expect-error a function is no value
      await table.create({ state: () => 1 });
      // @ts-expect-error a record is a text, { value } or a row
      await table.update(1, { state: 1 });
    };
    expect(writes).toBeInstanceOf(Function);
  });
});

describe("PS-14: a query with typed columns", () => {
  it("knows them", () => {
    const column = whereFor<{ number: string; state: string }>();
    const page = (options: { query?: QueryInput }) => client().table("incident").page(options);
    const queries = [
      column("number")
        .equals("INC1")
        .and(column("state").in([1, 2])),
      // @ts-expect-error no such column
      () => column("nmber").equals("INC1"),
      // @ts-expect-error a column by itself is no query
      () => where("a") satisfies Query,
      // @ts-expect-error a column by itself is no query for a table either
      () => page({ query: where("number") }),
      // @ts-expect-error a mapping is a query when matching() has made it one
      () => page({ query: { active: true } }),
    ];
    expect(queries).toHaveLength(5);
  });
});

import {
  memoryStore,
  readToken,
  type OAuth,
  type ServiceNow,
  type Token,
  type TokenStore,
} from "../../../common";
import { keyOf } from "../../../common/oauth/token-holder";
import { stubClient, stubTransport, bodyText } from "../stub";
import { answering, call, clientFor, fakeInstance, PASSWORD } from "./signing-in";

describe("PS-45, PS-47, AM-10, AM-11, AM-13: keeping tokens", () => {
  it("a kept token of either shape is used, unknown keys are dropped, a missing scope is no error", () => {
    expect(readToken({ access_token: "a", expires_at: 2_000_000_000, junk: 1 })).toEqual({
      accessToken: "a",
      expiresAt: 2_000_000_000_000,
      lifetime: 1800,
      tokenType: "Bearer",
    });
    expect(readToken({ accessToken: "a", expiresAt: 5, refreshToken: "r", junk: 1 })).toEqual({
      accessToken: "a",
      expiresAt: 5,
      lifetime: 1800,
      tokenType: "Bearer",
      refreshToken: "r",
    });
    for (const junk of [null, 1, "x", {}, { access_token: 1 }, [] as unknown])
      expect(readToken(junk)).toBeNull();
  });
  it("a token handed in saves the grant", async () => {
    const { fake, client, transport } = clientFor();
    await call(client);
    const again = stubClient(transport, {
      auth: { ...PASSWORD, token: { access_token: "t1", expires_at: fake.now / 1000 + 1800 } } as OAuth,
      now: () => fake.now,
    });
    await call(again.client);
    expect(fake.asked).toHaveLength(1);
  });
  it("the listener is awaited, told once per renewal, and its failure is reported and not fatal", async () => {
    const told: string[] = [];
    const problems: string[] = [];
    const { fake, client } = clientFor({
      onTokenUpdate: async (t: Token) => {
        await Promise.resolve();
        told.push(t.accessToken);
        throw new Error("store is down");
      },
      onProblem: ({ during }) => problems.push(during),
    });
    await Promise.all([call(client), call(client)]);
    fake.revoke();
    await call(client);
    expect(told).toEqual(["t1", "t2"]);
    expect(problems).toEqual(["onTokenUpdate", "onTokenUpdate"]);
  });
  it("WM-05, WM-13: a store that fails is reported and not fatal", async () => {
    const problems: string[] = [];
    const broken = {
      get: async () => Promise.reject(new Error("x")),
      set: async () => Promise.reject(new Error("y")),
    };
    const { client } = clientFor({ store: broken, onProblem: ({ during }) => problems.push(during) });
    await call(client);
    expect(problems).toEqual(["read the token store", "write the token store"]);
  });
  it("two clients with one store share one token", async () => {
    const { fake, transport } = fakeInstance();
    const store = memoryStore();
    const make = (): ServiceNow =>
      stubClient(transport, { auth: { ...PASSWORD, store }, now: () => fake.now }).client;
    await Promise.all([call(make()), call(make()), call(make())]);
    expect(fake.asked).toHaveLength(1);
  });
  it("WM-03: the key tells instances, applications, users and scopes apart, and holds no secret", async () => {
    const keys = await Promise.all([
      keyOf(PASSWORD, "https://a"),
      keyOf(PASSWORD, "https://b"),
      keyOf({ ...PASSWORD, clientId: "d" }, "https://a"),
      keyOf({ ...PASSWORD, username: "x" } as OAuth, "https://a"),
      keyOf({ ...PASSWORD, scope: "s" }, "https://a"),
    ]);
    expect(new Set(keys).size).toBe(5);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
  });
  it("a key of one's own does not carry a token to another instance or application", async () => {
    const auth: OAuth = { ...PASSWORD, storeKey: "mine" };
    const keys = await Promise.all([
      keyOf(auth, "https://a"),
      keyOf(auth, "https://b"),
      keyOf({ ...auth, clientId: "d" }, "https://a"),
      keyOf({ ...auth, storeKey: "yours" }, "https://a"),
    ]);
    expect(new Set(keys).size).toBe(4);
  });
  it.each<[string, Partial<OAuth>]>([
    ["password", { password: "wrong" }],
    ["client secret", { clientSecret: "wrong" }],
  ])("a wrong %s does not sign in by the token that the right one got", async (_what, wrong) => {
    const { fake, transport } = fakeInstance();
    const store = memoryStore();
    const make = (more: Partial<OAuth>): ServiceNow =>
      stubClient(transport, { auth: { ...PASSWORD, ...more, store } as OAuth, now: () => fake.now }).client;
    await call(make({}));
    fake.next.push({ status: 401, json: { error: "access_denied" } });
    await expect(call(make(wrong))).rejects.toMatchObject({ kind: "sign-in" });
    expect(fake.asked).toHaveLength(2);
    await call(make({}));
    expect(fake.asked).toHaveLength(2);
  });
  it("WM-30: nothing is left running", async () => {
    const { client } = clientFor();
    await call(client);
    const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout");
    const before = timers.length;
    await call(client);
    expect(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length).toBeLessThanOrEqual(
      before,
    );
  });
});

describe("a store that cannot be trusted", () => {
  const far = 9e14;
  it.each<[string, unknown]>([
    ["a text", "token"],
    ["a number", 7],
    ["a list", []],
    ["half a token", { accessToken: "t" }],
    ["an end that is no number", { accessToken: "t", expiresAt: "tomorrow" }],
    ["an endless end", { accessToken: "t", expiresAt: Infinity }],
    ["a token with a line break", { accessToken: "t\r\nx: y", expiresAt: far }],
    ["the endpoint's shape with a line break", { access_token: "t\r\nx: y", expires_at: far }],
  ])("holds %s: read as nothing, and a token is fetched again", async (_name, kept) => {
    expect(readToken(kept)).toBeNull();
    const store: TokenStore = { get: async () => kept, set: async () => undefined };
    const transport = answering({ access_token: "good", expires_in: 1800 });
    const { client } = stubClient(transport, { auth: { ...PASSWORD, store } });
    await client.table("incident").page();
    expect(transport.requests.at(-1)?.headers["authorization"]).toBe("Bearer good");
  });

  it("throws at everything it is asked: the call goes through, and each failure is reported", async () => {
    const broken = async (): Promise<never> => {
      throw new Error("the disk is gone");
    };
    const problems: string[] = [];
    const { client } = stubClient(answering({ access_token: "good", expires_in: 1800 }), {
      auth: {
        ...PASSWORD,
        store: { get: broken, set: broken, withLock: broken },
        onProblem: ({ during }) => {
          problems.push(during);
          throw new Error("and so is the reporter");
        },
      },
    });
    await client.table("incident").page();
    expect(problems).toEqual(["lock the token store", "read the token store", "write the token store"]);
  });

  it("gives a token that the instance refuses: renewed by its refresh token, once", async () => {
    const stale: Token = {
      accessToken: "old",
      refreshToken: "r0",
      expiresAt: Date.now() + 1e9,
      lifetime: 1800,
      tokenType: "Bearer",
    };
    const store = memoryStore();
    const forms: string[] = [];
    const transport = stubTransport((request) => {
      if (request.url.endsWith("/oauth_token.do")) {
        forms.push(String(new URLSearchParams(bodyText(request)).get("grant_type")));
        return { json: { access_token: "new", expires_in: 1800 } };
      }
      return request.headers["authorization"] === "Bearer new"
        ? { json: { result: [] } }
        : { status: 401, json: { error: { message: "User is not authenticated" } } };
    });
    const auth: OAuth = { ...PASSWORD, store, storeKey: "k" };
    await store.set(await keyOf(auth, "https://dev1.service-now.com"), stale);
    const { client } = stubClient(transport, { auth });
    await Promise.all(Array.from({ length: 10 }, () => client.table("incident").page()));
    expect(forms).toEqual(["refresh_token"]);
  });
});

describe("two users of one application over one store", () => {
  const grants: Array<[string, (user: string) => Partial<OAuth>]> = [
    ["password", (user) => ({ grant: "password", username: user, password: "p" })],
    ["refresh_token", (user) => ({ grant: "refresh_token", refreshToken: `refresh-${user}` })],
    [
      "authorization_code",
      (user) => ({ grant: "authorization_code", code: `code-${user}`, redirectUri: "http://127.0.0.1" }),
    ],
    ["jwt_bearer", (user) => ({ grant: "jwt_bearer", assertion: () => user, storeKey: user })],
  ];
  it.each(grants)("never get each other's token: %s", async (_grant, authOf) => {
    const store = memoryStore();
    const transport = stubTransport((request) => {
      if (!request.url.endsWith("/oauth_token.do")) return { json: { result: [] } };
      const who = /(ann|ben)/.exec(bodyText(request))?.[1] ?? "nobody";
      return { json: { access_token: `token-of-${who}`, expires_in: 1800 } };
    });
    const app = { type: "oauth", clientId: "c", store } as const;
    for (const user of ["ann", "ben", "ann"]) {
      const { client } = stubClient(transport, { auth: { ...app, ...authOf(user) } as OAuth });
      await client.table("incident").page();
      expect(transport.requests.at(-1)?.headers["authorization"]).toBe(`Bearer token-of-${user}`);
    }
    expect(transport.requests.filter(({ url }) => url.endsWith("/oauth_token.do"))).toHaveLength(2);
  });

  it("where nothing tells them apart, a key is asked for before any request", () => {
    const assertion = (): string => "a";
    expect(() =>
      stubClient(answering({}), {
        auth: { type: "oauth", clientId: "c", grant: "jwt_bearer", assertion, store: memoryStore() },
      }),
    ).toThrow(/storeKey/);
  });
});

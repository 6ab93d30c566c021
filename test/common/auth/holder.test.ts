import { mkdtemp, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { createClient } from "../../../common";
import {
  fetchToken,
  fileStore,
  isSignInError,
  memoryStore,
  readToken,
  refreshToken,
  tokenState,
  TransportError,
  windmillStore,
  type OAuth,
  type Token,
} from "../../../common";
import { keyOf } from "../../../common/auth/holder";
import { failure, stubClient, stubTransport, type StubAnswer } from "../stub";

const REFUSED: StubAnswer = {
  status: 401,
  json: { error_description: "access_denied", error: "server_error" },
};
const PASSWORD: OAuth = {
  type: "oauth",
  grant: "password",
  clientId: "cid",
  clientSecret: "csecret",
  username: "admin",
  password: "pässword",
};

interface Fake {
  /** Forms sent to the token endpoint. */
  asked: Array<Record<string, string>>;
  revoke(): void;
  now: number;
  /** What the token endpoint answers next, once each, instead of a token. */
  next: Array<StubAnswer | Error>;
  calls: number;
  expiresIn: number;
  refreshEchoes: boolean;
}

/** An instance with a token endpoint: tokens t1, t2 …; the last one that was given is good until it is revoked. */
function fakeInstance(): { fake: Fake; transport: ReturnType<typeof stubTransport> } {
  let good = "";
  let count = 0;
  const fake: Fake = {
    asked: [],
    revoke: () => void (good = ""),
    now: 1_000_000,
    next: [],
    calls: 0,
    expiresIn: 1800,
    refreshEchoes: false,
  };
  const transport = stubTransport(async (request) => {
    if (!request.url.endsWith("/oauth_token.do")) {
      fake.calls++;
      const held = request.headers["authorization"]?.slice("Bearer ".length);
      await new Promise((resolve) => setImmediate(resolve));
      return held === good
        ? { json: { result: [] } }
        : { status: 401, json: failure("User is not authenticated") };
    }
    const form = Object.fromEntries(new URLSearchParams(String(request.body)));
    fake.asked.push(form);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const scripted = fake.next.shift();
    if (scripted) return scripted;
    good = `t${++count}`;
    const refresh =
      form["grant_type"] === "refresh_token" && !fake.refreshEchoes ? {} : { refresh_token: `r${count}` };
    return {
      json: {
        access_token: good,
        ...refresh,
        scope: "useraccount",
        token_type: "Bearer",
        expires_in: fake.expiresIn,
      },
    };
  });
  return { fake, transport };
}

function clientFor(auth: Partial<OAuth> = {}): {
  fake: Fake;
  client: ReturnType<typeof createClient>;
  transport: ReturnType<typeof stubTransport>;
} {
  const { fake, transport } = fakeInstance();
  const { client } = stubClient(transport, {
    auth: { ...PASSWORD, ...auth } as OAuth,
    now: () => fake.now,
    concurrency: 1000,
  });
  return { fake, client, transport };
}
const call = (client: ReturnType<typeof createClient>): Promise<unknown> => client.table("incident").page();

describe("every way to sign in", () => {
  it("PS-44, AM-01, AM-02, AM-04, AM-19: password grant, as a form with scope and extra fields", async () => {
    const { fake, client, transport } = clientFor({ scope: ["useraccount", "x"], extra: { tenant: "a" } });
    await call(client);
    expect(fake.asked).toEqual([
      {
        grant_type: "password",
        username: "admin",
        password: "pässword",
        scope: "useraccount x",
        client_id: "cid",
        client_secret: "csecret",
        tenant: "a",
      },
    ]);
    expect(transport.requests[0]?.headers).toMatchObject({
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(transport.requests[0]?.headers["authorization"]).toBeUndefined();
  });

  it.each<[string, Partial<OAuth>, Record<string, string>]>([
    ["client credentials", { grant: "client_credentials" }, { grant_type: "client_credentials" }],
    [
      "refresh token",
      { grant: "refresh_token", refreshToken: "r0" },
      { grant_type: "refresh_token", refresh_token: "r0" },
    ],
    [
      "JWT bearer",
      { grant: "jwt_bearer", assertion: async () => "a.b.c" },
      { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: "a.b.c" },
    ],
    [
      "authorization code with PKCE",
      { grant: "authorization_code", code: "c1", redirectUri: "http://x/cb", codeVerifier: "v" },
      { grant_type: "authorization_code", code: "c1", redirect_uri: "http://x/cb", code_verifier: "v" },
    ],
  ])("%s", async (_name, auth, form) => {
    const { fake, client } = clientFor({
      username: undefined,
      password: undefined,
      ...auth,
    } as Partial<OAuth>);
    await call(client);
    expect(fake.asked[0]).toEqual({ ...form, client_id: "cid", client_secret: "csecret" });
  });

  it("S1: the client's id and secret go by Basic when wanted, and then not in the form", async () => {
    const { fake, client, transport } = clientFor({ clientAuthentication: "basic" });
    await call(client);
    expect(fake.asked[0]).not.toHaveProperty("client_secret");
    expect(transport.requests[0]?.headers["authorization"]).toBe(`Basic ${btoa("cid:csecret")}`);
  });

  it("PS-03: basic authentication, beyond ASCII too", async () => {
    const transport = stubTransport(() => ({ json: { result: [] } }));
    await call(
      stubClient(transport, { auth: { type: "basic", username: "jörg", password: "gehölz€" } }).client,
    );
    const sent = transport.requests[0]?.headers["authorization"]?.slice("Basic ".length) ?? "";
    expect(Buffer.from(sent, "base64").toString("utf8")).toBe("jörg:gehölz€");
  });

  it("API key", async () => {
    const transport = stubTransport(() => ({ json: { result: [] } }));
    await call(stubClient(transport, { auth: { type: "apiKey", key: "k1" } }).client);
    expect(transport.requests[0]?.headers["x-sn-apikey"]).toBe("k1");
  });

  it("PS-49, AM-28: a token function is asked before every call, and again after a 401", async () => {
    let current = "old";
    const transport = stubTransport((request) =>
      request.headers["authorization"] === "Bearer new"
        ? { json: { result: [] } }
        : ((current = "new"), { status: 401, json: failure("no") }),
    );
    const { client } = stubClient(transport, { auth: { type: "token", token: () => current } });
    await call(client);
    expect(transport.requests).toHaveLength(2);
  });

  it("a fixed token that is refused is not tried twice", async () => {
    const transport = stubTransport(() => ({ status: 401, json: failure("User is not authenticated") }));
    await expect(call(stubClient(transport).client)).rejects.toMatchObject({ kind: "unauthenticated" });
    expect(transport.requests).toHaveLength(1);
  });

  it("AM-14: a provider gets the last token and a way to refresh", async () => {
    const seen: Array<Token | null> = [];
    const { fake, client } = clientFor({
      grant: "provider",
      provider: async (last: Token | null, tools: { refresh: (r: string) => Promise<Token> }) => {
        seen.push(last);
        return tools.refresh("r9");
      },
    } as Partial<OAuth>);
    await call(client);
    fake.revoke();
    await call(client);
    expect(seen.map((t) => t?.accessToken)).toEqual([undefined, "t1"]);
    expect(fake.asked[0]).toMatchObject({ grant_type: "refresh_token", refresh_token: "r9" });
  });

  it("PS-52, AM-22: what a grant lacks is refused at once", () => {
    expect(() => clientFor({ username: "" })).toThrow(/username/);
    expect(() => clientFor({ clientId: "" })).toThrow(/clientId/);
    expect(() => clientFor({ grant: "nonsense" } as never)).toThrow(/grant/);
  });

  it("PS-50: the wrong mix does not compile", () => {
    // @ts-expect-error a password grant has no API key
    const mixed: OAuth = { ...PASSWORD, key: "x", type: "apiKey" };
    // @ts-expect-error a refresh grant needs its token
    const lacking: OAuth = { type: "oauth", grant: "refresh_token", clientId: "c" };
    expect([mixed, lacking]).toHaveLength(2);
  });
});

describe("PS-46, AM-07, AM-12, AM-15, X4: a token's life", () => {
  const token = (over: Partial<Token> = {}): Token => ({
    accessToken: "t",
    expiresAt: 1_800_000,
    lifetime: 1800,
    tokenType: "Bearer",
    ...over,
  });
  it("AM-06: none, valid, due in the last 60 s, expired", () => {
    expect([
      tokenState(null, 0),
      tokenState(token(), 0),
      tokenState(token(), 1_739_999),
      tokenState(token(), 1_740_000),
      tokenState(token(), 1_800_000),
    ]).toEqual(["none", "valid", "valid", "due", "expired"]);
  });
  it("the margin is at most a quarter of the life, so short lives do not renew on every call", () => {
    expect(tokenState(token({ lifetime: 40, expiresAt: 40_000 }), 29_999)).toBe("valid");
    expect(tokenState(token({ lifetime: 40, expiresAt: 40_000 }), 30_000)).toBe("due");
  });
  it("WM-04: a due token is renewed before it is used, by its refresh token", async () => {
    const { fake, client } = clientFor();
    await call(client);
    fake.now += 1_739_000;
    await call(client);
    expect(fake.asked).toHaveLength(1);
    fake.now += 2_000;
    await call(client);
    expect(fake.asked[1]).toMatchObject({ grant_type: "refresh_token", refresh_token: "r1" });
  });
  it("AM-05, WM-14: the refresh token is kept when the answer has none, and replaced when it has", async () => {
    const { fake, client } = clientFor();
    await call(client);
    fake.revoke();
    await call(client);
    fake.refreshEchoes = true;
    fake.revoke();
    await call(client);
    fake.revoke();
    await call(client);
    expect(fake.asked.map((f) => f["refresh_token"])).toEqual([undefined, "r1", "r1", "r3"]);
  });
  it("WM-11: a missing life counts as 1,800 s", async () => {
    const transport = stubTransport(() => ({ json: { access_token: "t" } }));
    const got = await fetchToken({ instance: "dev1", auth: PASSWORD, transport, now: () => 0 });
    expect(got).toMatchObject({ lifetime: 1800, expiresAt: 1_800_000 });
  });
  it("AM-03, AM-05: a token and its renewal can be had without a client", async () => {
    const { fake, transport } = fakeInstance();
    expect(await fetchToken({ instance: "dev1", auth: PASSWORD, transport, now: () => fake.now })).toEqual({
      accessToken: "t1",
      refreshToken: "r1",
      scope: "useraccount",
      tokenType: "Bearer",
      lifetime: 1800,
      expiresAt: fake.now + 1_800_000,
    });
    expect(
      await refreshToken({ instance: "dev1", clientId: "cid", refreshToken: "r1", transport }),
    ).toMatchObject({ accessToken: "t2", refreshToken: "r1" });
  });
});

describe("PS-46, AM-29, X8: one renewal", () => {
  it("20 and 1,000 parallel calls without a token: one request", async () => {
    for (const parallel of [20, 1000]) {
      const { fake, client } = clientFor();
      await Promise.all(Array.from({ length: parallel }, () => call(client)));
      expect(fake.asked).toHaveLength(1);
    }
  });
  it("a revoked token, 401s together: one renewal, all calls go through", async () => {
    const { fake, client } = clientFor();
    await call(client);
    fake.revoke();
    await Promise.all(Array.from({ length: 100 }, () => call(client)));
    expect(fake.asked).toHaveLength(2);
  });
  it("X5: a late 401 names the old token and renews nothing", async () => {
    const { fake, transport } = fakeInstance();
    let late: (() => void) | undefined;
    const wrapped: typeof transport = Object.assign(
      async (request: Parameters<typeof transport>[0]) => {
        if (request.url.includes("/table/slow") && request.headers["authorization"] === "Bearer t1") {
          await new Promise<void>((resolve) => (late = resolve));
        }
        return transport(request);
      },
      { requests: transport.requests },
    );
    const { client } = stubClient(wrapped, { auth: PASSWORD, now: () => fake.now });
    await call(client);
    const slow = client.table("slow").page();
    await new Promise((resolve) => setTimeout(resolve, 5));
    fake.revoke();
    await call(client);
    expect(fake.asked).toHaveLength(2);
    late?.();
    await slow;
    expect(fake.asked).toHaveLength(2);
  });
  it("renews once and repeats once, then gives up", async () => {
    const transport = stubTransport((request, n) =>
      request.url.endsWith("oauth_token.do")
        ? { json: { access_token: `t${n}`, expires_in: 1800 } }
        : { status: 401, json: failure("User is not authenticated") },
    );
    await expect(call(stubClient(transport, { auth: PASSWORD }).client)).rejects.toMatchObject({
      kind: "unauthenticated",
    });
    expect(transport.requests.map((r) => new URL(r.url).pathname.split("/").pop())).toEqual([
      "oauth_token.do",
      "incident",
      "oauth_token.do",
      "incident",
    ]);
  });
});

describe("PS-48, AM-30, X9: when a renewal fails", () => {
  it("a dead refresh token falls back to the password", async () => {
    const { fake, client } = clientFor();
    await call(client);
    fake.revoke();
    fake.next.push(REFUSED);
    await call(client);
    expect(fake.asked.map((f) => f["grant_type"])).toEqual(["password", "refresh_token", "password"]);
  });
  it("AM-09, AM-18: with nothing to fall back to it says: sign in again", async () => {
    const { fake, client } = clientFor({ grant: "refresh_token", refreshToken: "r0" } as Partial<OAuth>);
    fake.next.push(REFUSED);
    const error: unknown = await call(client).catch((e: unknown) => e);
    expect(isSignInError(error)).toBe(true);
    expect(error).toMatchObject({
      kind: "sign-in",
      status: 401,
      error: "server_error",
      description: "access_denied",
    });
    expect(String(error)).toMatch(/Sign in again/);
  });
  it("a code is exchanged once only", async () => {
    const { fake, client } = clientFor({
      grant: "authorization_code",
      code: "c",
      redirectUri: "http://x",
    } as Partial<OAuth>);
    fake.next.push(REFUSED);
    await expect(call(client)).rejects.toMatchObject({ kind: "sign-in" });
    await expect(call(client)).rejects.toThrow(/Sign in again/);
    expect(fake.asked).toHaveLength(1);
  });
  it("a refused password is never repeated by itself", async () => {
    const { fake, client } = clientFor();
    fake.next.push(REFUSED);
    await expect(call(client)).rejects.toMatchObject({ kind: "sign-in" });
    await expect(call(client)).rejects.toMatchObject({ kind: "sign-in" });
    expect(fake.asked).toHaveLength(1);
  });
  it("the next call tries again after a network failure: nothing is poisoned", async () => {
    const { fake, client } = clientFor();
    fake.next.push(...Array.from({ length: 3 }, () => new TransportError("network", "ECONNRESET")));
    await expect(call(client)).rejects.toMatchObject({ kind: "network" });
    await call(client);
    expect(fake.asked).toHaveLength(4);
  });
  it("the token endpoint's 5xx is tried again, its 4xx never", async () => {
    const { fake, client } = clientFor();
    fake.next.push({ status: 503, text: "" }, { status: 502, text: "" });
    await call(client);
    expect(fake.asked).toHaveLength(3);
    const other = clientFor();
    other.fake.next.push({ status: 400, json: { error: "invalid_request" } });
    await expect(call(other.client)).rejects.toMatchObject({ kind: "sign-in", error: "invalid_request" });
    expect(other.fake.asked).toHaveLength(1);
  });
  it.each<[string, StubAnswer, string, RegExp]>([
    [
      "AM-16, AM-17, PS-51, WM-09, PD-08: the generic refusal lists the causes",
      REFUSED,
      "sign-in",
      /oauth_credential/,
    ],
    [
      "WM-10: an error inside a 200",
      { json: { error: "server_error", error_description: "access_denied" } },
      "sign-in",
      /server_error: access_denied/,
    ],
    ["PD-07: 504", { status: 504, text: "" }, "server", /web service access only/],
    ["a sleeping instance", { text: "<html>Instance Hibernating page</html>" }, "hibernating", /wake/],
    ["another web server", { status: 404, text: "<html>not found</html>" }, "not-servicenow", /web page/],
    ["no token in the answer", { json: { hello: 1 } }, "sign-in", /no access token/],
  ])("%s", async (_name, answer, kind, words) => {
    const { fake, client } = clientFor();
    fake.next.push(answer, answer, answer);
    const error = await call(client).then(
      () => undefined,
      (e: Error) => e,
    );
    expect(error).toMatchObject({ kind });
    expect(error?.message).toMatch(words);
    expect(JSON.stringify(error) + error?.stack).not.toMatch(/pässword|csecret/);
  });
});

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
    const make = (): ReturnType<typeof createClient> =>
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
    expect(await keyOf({ ...PASSWORD, password: "other" } as OAuth, "https://a")).toBe(keys[0]);
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

describe("the file store", () => {
  const token: Token = {
    accessToken: "a",
    refreshToken: "r",
    expiresAt: 5,
    lifetime: 1800,
    tokenType: "Bearer",
  };
  const folder = (): Promise<string> => mkdtemp(join(tmpdir(), "tokens-"));

  it("keeps a token in a file for its owner only, without the refresh token unless told", async () => {
    const place = join(await folder(), "deep");
    const store = fileStore({ folder: place });
    expect(await store.get("k")).toBeNull();
    await store.set("k", token);
    expect(await store.get("k")).toEqual({ ...token, refreshToken: undefined });
    expect((await stat(join(place, "k.json"))).mode & 0o777).toBe(0o600);
    await fileStore({ folder: place, keepRefreshToken: true }).set("k", token);
    expect(await store.get("k")).toEqual(token);
    await store.set("k", null);
    expect(await store.get("k")).toBeNull();
    expect(await readdir(place)).toEqual([]);
  });
  it("WM-18: lets one task at a time work on a key", async () => {
    const store = fileStore({ folder: await folder() });
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 5 }, () =>
        store.withLock?.("k", async () => {
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setTimeout(resolve, 5));
          inside--;
        }),
      ),
    );
    expect(most).toBe(1);
  });
  it("takes over the lock of a process that died", async () => {
    const place = await folder();
    const lock = join(place, "k.json.lock");
    await writeFile(lock, "");
    await utimes(lock, 1, 1);
    await expect(fileStore({ folder: place }).withLock?.("k", async () => 7)).resolves.toBe(7);
  });
  it("WM-06: an unreadable or foreign file is no token", async () => {
    const place = await folder();
    await writeFile(join(place, "k.json"), JSON.stringify({ version: 99, token }));
    expect(await fileStore({ folder: place }).get("k")).toBeNull();
    await writeFile(join(place, "k.json"), "{half");
    const { client, fake } = clientFor({ store: fileStore({ folder: place }), storeKey: "k" });
    await call(client);
    expect(fake.asked).toHaveLength(1);
    expect(JSON.parse(await readFile(join(place, "k.json"), "utf8"))).toMatchObject({
      version: 1,
      token: { accessToken: "t1" },
    });
  });
});

describe("WM-01, WM-12, WM-26: the Windmill store", () => {
  it.each(["variable", "state"] as const)(
    "keeps a token in a %s, and takes a missing one for none",
    async (place) => {
      const kept = new Map<string, unknown>();
      const read = async (path?: string): Promise<never> => {
        if (!kept.has(path ?? "")) throw new Error("404");
        return kept.get(path ?? "") as never;
      };
      const windmill = {
        getVariable: read,
        getState: read,
        setVariable: async (path: string, value: string, secret?: boolean) =>
          void (expect(secret).toBe(true), kept.set(path, value)),
        setState: async (value: unknown, path?: string) => void kept.set(path ?? "", value),
      };
      const { fake, transport } = fakeInstance();
      const run = (): Promise<unknown> =>
        call(
          stubClient(transport, {
            auth: { ...PASSWORD, store: windmillStore(windmill, { in: place }) },
            now: () => fake.now,
          }).client,
        );
      await run();
      await run();
      expect(fake.asked).toHaveLength(1);
      expect(JSON.stringify([...kept])).not.toContain("r1");
    },
  );
});

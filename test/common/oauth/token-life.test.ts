import {
  createClient,
  fetchToken,
  isSignInError,
  refreshToken,
  tokenState,
  type Token,
} from "../../../common";
import { stubClient, stubTransport } from "../stub";
import { answering, call, clientFor, fakeInstance, outcome, PASSWORD } from "./signing-in";

afterEach(() => jest.restoreAllMocks());

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

describe("a clock that is set back", () => {
  it("does not bring a token back to life", async () => {
    let now = Date.parse("2026-11-21T10:00:00Z");
    let monotonic = performance.now();
    const spy = jest.spyOn(performance, "now").mockImplementation(() => monotonic);
    const transport = stubTransport((request, n) =>
      request.url.endsWith("/oauth_token.do")
        ? { json: { access_token: `t${n}`, expires_in: 1800 } }
        : { json: { result: [] } },
    );
    const { client } = stubClient(transport, { auth: PASSWORD, now: () => now });
    await client.table("incident").page();
    monotonic += 1_800_000;
    now -= 86_400_000;
    await client.table("incident").page();
    spy.mockRestore();
    const tokens = transport.requests.filter(({ url }) => url.endsWith("/oauth_token.do"));
    expect(tokens).toHaveLength(2);
    expect(transport.requests.at(-1)?.headers["authorization"]).toBe("Bearer t3");
  });

  it("does not lengthen a call's deadline", async () => {
    let now = Date.parse("2026-11-21T10:00:00Z");
    const clock = jest.spyOn(Date, "now").mockImplementation(() => (now -= 60_000));
    const transport = stubTransport(() => ({ status: 503 }));
    const client = createClient({
      instance: "dev1",
      auth: { type: "token", token: "t" },
      transport,
      deadlineMs: 50,
      retry: { retries: 1000, baseMs: 5, maxDelayMs: 5 },
    });
    const begun = performance.now();
    const ended = await outcome(client.table("incident").page());
    clock.mockRestore();
    expect(ended).toMatch(/^(server|timeout)$/);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe("what a token endpoint may say of a token's life", () => {
  it.each<[string, unknown, number]>([
    ["a text", "1799", 1799],
    ["a text with blanks", " 1799 ", 1799],
    ["nothing", undefined, 1800],
    ["null", null, 1800],
    ["an empty text", "", 1800],
    ["a negative number", -5, 1800],
    ["words", "soon", 1800],
    ["a list", [60], 1800],
    ["zero", 0, 0],
  ])("%s", async (_name, expires_in, lifetime) => {
    const transport = answering({ access_token: "t", expires_in });
    expect(await fetchToken({ instance: "dev1", auth: PASSWORD, transport, now: () => 1000 })).toMatchObject({
      lifetime,
      expiresAt: 1000 + lifetime * 1000,
    });
  });

  it("a token without life serves the call it was made for, and the next call asks again", async () => {
    const transport = answering({ access_token: "t", expires_in: 0 });
    const { client } = stubClient(transport, { auth: PASSWORD });
    await client.table("incident").page();
    await client.table("incident").page();
    expect(transport.requests.map(({ url }) => url.split("/").pop()?.split("?")[0])).toEqual([
      "oauth_token.do",
      "incident",
      "oauth_token.do",
      "incident",
    ]);
  });

  it.each(["a\nb", "a b", "tökén"])(
    "a token that cannot be sent (%j) is a failed sign-in",
    async (access_token) => {
      const { client } = stubClient(answering({ access_token, expires_in: 60 }), { auth: PASSWORD });
      const error: unknown = await client
        .table("incident")
        .page()
        .catch((caught: unknown) => caught);
      expect(isSignInError(error)).toBe(true);
      expect(String(error)).not.toContain(access_token);
    },
  );
});

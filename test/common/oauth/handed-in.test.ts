import { createClient, fetchToken, type OAuth } from "../../../common";
import { failureOf } from "../apis/support";
import { stubTransport, type StubAnswer, bodyText } from "../stub";

const APP = { type: "oauth", clientId: "c", clientSecret: "s" } as const;
const PASSWORD = { ...APP, grant: "password", username: "u", password: "pw-secret" } as const;
const instance = "dev1";
const hour = () => Date.now() + 3_600_000;
const fresh = (token = "t1") => ({ access_token: token, expires_in: 1800, refresh_token: "r1" });
/** Tokens by `token`, calls by an empty list. */
const answering = (token: () => StubAnswer) =>
  stubTransport(({ url }) => (url.includes("oauth_token.do") ? token() : { json: { result: [] } }));

describe("F2: an OAuth error counts whatever the status, and a password is sent once", () => {
  it.each([
    [500, "server_error"],
    [403, "access_denied"],
    [400, "invalid_grant"],
    [200, "server_error"],
  ])("%i %s", async (status, error) => {
    const transport = answering(() => ({ status, json: { error, error_description: "no" } }));
    const client = createClient({ instance, auth: PASSWORD, transport, sleep: async () => undefined });
    expect(await failureOf(client.table("incident").page())).toMatchObject({ kind: "sign-in", error });
    expect(transport.requests).toHaveLength(1);
  });

  it.each([503, 502, 500])(
    "a gateway's %i without words is not answered with the password again",
    async (status) => {
      const transport = answering(() => ({ status, text: "" }));
      const client = createClient({ instance, auth: PASSWORD, transport, sleep: async () => undefined });
      expect(await failureOf(client.table("incident").page())).toMatchObject({ kind: "server" });
      expect(transport.requests).toHaveLength(1);
    },
  );

  it("other grants are tried again, unless the client was told never to repeat", async () => {
    const auth = { ...APP, grant: "client_credentials" } as const;
    for (const [retry, tries] of [
      [{}, 3],
      [false, 1],
    ] as const) {
      const transport = answering(() => ({ status: 503, text: "" }));
      const client = createClient({ instance, auth, transport, retry, sleep: async () => undefined });
      await failureOf(client.table("incident").page());
      expect(transport.requests).toHaveLength(tries);
    }
  });
});

it("F3: all tries for a token together take no longer than its time", async () => {
  const transport = stubTransport(
    ({ timeoutMs }) =>
      new Promise((resolve) =>
        setTimeout(() => resolve({ status: 503, text: "" }), Math.min(80, timeoutMs ?? 80)),
      ),
  );
  const auth = { ...APP, grant: "client_credentials", tokenTimeoutMs: 200 } as const;
  const begun = performance.now();
  await failureOf(createClient({ instance, auth, transport }).table("incident").page());
  expect(performance.now() - begun).toBeLessThan(1000);
});

describe("F5: a token that was kept", () => {
  it.each([
    ["JSON text", JSON.stringify({ access_token: "t" }), /JSON\.parse/],
    ["a number", 42, /not a token/],
    ["one without its end", { access_token: "t", expires_in: 1800 }, /does not say when it ends/],
    ["an empty object", {}, /not a token/],
  ])("is refused when it cannot be read: %s", (_name, token, words) => {
    const auth = { ...PASSWORD, token } as unknown as OAuth;
    expect(() => createClient({ instance, auth, transport: answering(() => ({})) })).toThrow(words);
  });

  it.each([null, undefined])("may be %s", (token) => {
    const auth = token === undefined ? PASSWORD : { ...PASSWORD, token };
    expect(createClient({ instance, auth, transport: answering(() => ({})) }).heldToken).toBeNull();
  });

  it("gives the refresh grant its refresh token", async () => {
    const transport = answering(() => ({ json: fresh() }));
    const token = { access_token: "old", expires_at: 1, refresh_token: "r0" };
    const client = createClient({ instance, auth: { ...APP, grant: "refresh_token", token }, transport });
    await client.table("incident").page();
    expect(new URLSearchParams(bodyText(transport.requests[0])).get("refresh_token")).toBe("r0");
  });

  it("is an error before the call when it has ended and nothing can renew it", async () => {
    const transport = answering(() => ({}));
    const auth = { type: "token", token: "t", expiresAt: Date.now() - 1 } as const;
    const error = await failureOf(createClient({ instance, auth, transport }).table("incident").page());
    expect(error).toMatchObject({ kind: "sign-in", message: expect.stringMatching(/has ended/) as string });
    expect(transport.requests).toHaveLength(0);
  });
});

it("F6: force replaces a token that was revoked before its end", async () => {
  let count = 0;
  const transport = answering(() => ({ json: fresh(`t${++count}`) }));
  const token = { accessToken: "revoked", expiresAt: hour(), lifetime: 3600, tokenType: "Bearer" };
  expect((await fetchToken({ instance, transport, auth: { ...PASSWORD, token } })).accessToken).toBe(
    "revoked",
  );
  expect(
    (await fetchToken({ instance, transport, auth: { ...PASSWORD, token }, force: true })).accessToken,
  ).toBe("t1");
});

describe("F7: functions of the caller's that fail", () => {
  it("an onTokenUpdate that throws is warned of where nobody listens", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation(() => undefined);
    const auth = {
      ...PASSWORD,
      onTokenUpdate: () => {
        throw new Error("disk of secret-host is full");
      },
    };
    const client = createClient({ instance, auth, transport: answering(() => ({ json: fresh() })) });
    await client.table("incident").page();
    expect(warn.mock.calls.flat().join()).toMatch(/onTokenUpdate.*\(Error\)/);
    expect(warn.mock.calls.flat().join()).not.toMatch(/secret-host/);
    warn.mockRestore();
  });

  it("a token function's own error is the cause of ours", async () => {
    const sealed = new Error("vault sealed");
    const auth = { type: "token", token: () => Promise.reject(sealed) } as const;
    const error = await failureOf(
      createClient({ instance, auth, transport: answering(() => ({})) })
        .table("incident")
        .page(),
    );
    expect(error.cause).toBe(sealed);
    expect(error.message).not.toMatch(/vault/);
    expect(JSON.stringify(error)).not.toMatch(/vault/);
  });
});

it("F8: the present token can be kept and handed in again", async () => {
  const transport = answering(() => ({ json: fresh() }));
  const client = createClient({ instance, auth: PASSWORD, transport });
  expect(client.heldToken).toBeNull();
  await client.table("incident").page();
  const kept = JSON.parse(JSON.stringify(client.heldToken)) as NonNullable<typeof client.heldToken>;
  const next = createClient({ instance, auth: { ...PASSWORD, token: kept }, transport });
  await next.table("incident").page();
  expect(transport.requests.filter(({ url }) => url.includes("oauth_token"))).toHaveLength(1);
});

describe("F9: what a session of the caller's brings", () => {
  it("headers go with every call, the call's own win", async () => {
    const transport = answering(() => ({}));
    const client = createClient({
      instance,
      auth: { type: "none" },
      transport,
      headers: { "X-Tenant": "a", "x-b": "1" },
    });
    await client.request({ path: "/api/x/y", headers: { "x-b": "2" } });
    expect(transport.requests[0]?.headers).toMatchObject({ "x-tenant": "a", "x-b": "2" });
    expect(transport.requests[0]?.headers["authorization"]).toBeUndefined();
    await expect(
      createClient({ instance, auth: { type: "none" }, transport, headers: { Authorization: "x" } }).request({
        path: "/a",
      }),
    ).rejects.toMatchObject({ kind: "usage" });
  });
});

describe("F4: parameters of the client", () => {
  it.each([
    ["list", "active=true", "company=1^active=true"],
    ["every group", "active=true^NQpriority=1", "company=1^active=true^NQcompany=1^priority=1"],
  ])("a query is joined with each call's: %s", async (_name, query, sent) => {
    const transport = answering(() => ({}));
    const client = createClient({
      instance,
      auth: { type: "none" },
      transport,
      params: { sysparm_query: "company=1" },
    });
    await client.table("incident").page({ query });
    expect(new URL(transport.requests[0]?.url ?? "").searchParams.get("sysparm_query")).toBe(sent);
    await client.table("incident").list({ query });
    expect(new URL(transport.requests[1]?.url ?? "").searchParams.get("sysparm_query")).toBe(
      sent.includes("NQ") ? `${sent}^ORDERBYsys_id` : `${sent}^ORDERBYsys_id`,
    );
  });

  it.each(["sysparm_display_value", "sysparm_fields", "sysparm_limit"])("%s is refused", (name) => {
    expect(() => createClient({ instance, auth: { type: "none" }, params: { [name]: "1" } })).toThrow(name);
  });
});

it("F12: a client with another account is closed by itself", async () => {
  const transport = answering(() => ({}));
  const client = createClient({ instance, auth: { type: "token", token: "a" }, transport });
  const other = client.with({ auth: { type: "token", token: "b" } });
  const same = client.with({ userAgent: "x" });
  other.close();
  await client.table("incident").page();
  client.close();
  expect(await failureOf(same.table("incident").page())).toMatchObject({ kind: "usage" });
});

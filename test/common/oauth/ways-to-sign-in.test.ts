import type { OAuth, Token } from "../../../common";
import { failure, stubClient, stubTransport } from "../stub";
import { answering, call, clientFor, PASSWORD } from "./signing-in";

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
    });
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
    });
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

it("functions of the caller's that throw are told apart from a broken network, without their text", async () => {
  const leak = async (): Promise<never> => {
    throw new TypeError("vault said: hunter2");
  };
  for (const auth of [
    { type: "token", token: leak },
    { type: "apiKey", key: leak },
    { ...PASSWORD, grant: "jwt_bearer", assertion: leak },
    { ...PASSWORD, grant: "provider", provider: leak },
  ] as OAuth[]) {
    const { client } = stubClient(answering({}), { auth });
    const error: unknown = await client
      .table("incident")
      .page()
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: "sign-in" });
    expect(String(error)).toMatch(/function that gives the token failed \(TypeError\)/);
    expect(JSON.stringify(error)).not.toContain("hunter2");
  }
});

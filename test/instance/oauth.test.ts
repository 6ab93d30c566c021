import { createHash, randomBytes } from "node:crypto";
import { signInThroughPages } from "../../scripts/demo/sign-in";
import { duringTests, startInstance } from "../helpers/instance";
import { authorized, authorizeUrl, claimsOf, demo, jwtGrant, password, redirectUri, refusal } from "./oauth";
import { present, toRow } from "../helpers/present";

const instance = duringTests(startInstance, { incidents: 20 });

function token(fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${instance.url}/oauth_token.do`, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers,
  });
}

async function code(more: Record<string, string> = {}): Promise<string> {
  const back = await authorized(instance, more);
  expect(back.searchParams.get("state")).toBe("s-1_x");
  return present(back.searchParams.get("code"));
}

describe("authorization code", () => {
  test("sign-in and consent lead back with a code and the state, and the code gives tokens that work", async () => {
    const verifier = randomBytes(48).toString("base64url");
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const given = await code({ code_challenge: challenge, code_challenge_method: "S256" });
    const response = await token({
      ...demo,
      grant_type: "authorization_code",
      code: given,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as Record<string, string>;
    expect(Object.keys(answer)).toEqual([
      "access_token",
      "refresh_token",
      "scope",
      "token_type",
      "expires_in",
    ]);
    expect(answer.access_token).toMatch(/^[A-Za-z0-9_-]{86}$/);
    expect(answer.expires_in).toBe(1799);
    const me = await fetch(
      `${instance.url}/api/now/table/sys_user?sysparm_fields=user_name&sysparm_query=sys_id=javascript:gs.getUserID()`,
      { headers: { authorization: `Bearer ${answer.access_token}` } },
    );
    expect(await me.json()).toEqual({ result: [{ user_name: "admin" }] });
  });

  test("a code works once", async () => {
    const exchange = {
      ...demo,
      grant_type: "authorization_code",
      code: await code(),
      redirect_uri: redirectUri,
    };
    expect((await token(exchange)).status).toBe(200);
    const again = await token(exchange);
    expect(again.status).toBe(401);
    expect(await again.json()).toEqual(refusal);
  });

  test("a code lives a minute", async () => {
    const given = await code();
    await instance.control("POST", "clock", { advanceSeconds: 61 });
    const late = await token({
      ...demo,
      grant_type: "authorization_code",
      code: given,
      redirect_uri: redirectUri,
    });
    expect(late.status).toBe(401);
  });

  test("a wrong verifier is refused", async () => {
    const given = await code({ code_challenge: "x".repeat(43), code_challenge_method: "S256" });
    const response = await token({
      ...demo,
      grant_type: "authorization_code",
      code: given,
      redirect_uri: redirectUri,
      code_verifier: "y".repeat(43),
    });
    expect(await response.json()).toEqual(refusal);
  });

  test("Deny leads back with access_denied", async () => {
    const back = await authorized(instance, {}, "itil", "deny");
    expect(back.searchParams.get("error")).toBe("access_denied");
    expect(back.searchParams.get("state")).toBe("s-1_x");
  });

  test.each([
    [{ state: "" }, "Missing State parameter in request."],
    [{ redirect_uri: "https://evil.example.com/" }, "Invalid redirect_uri"],
    [{ client_id: "nobody" }, "Invalid client_id"],
    [{ client_id: "demo-public-client" }, "Missing code_challenge"],
  ])("%j shows a page, not a redirect", async (more, text) => {
    const response = await fetch(authorizeUrl(instance, more), { redirect: "manual" });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(text);
  });

  test("a wrong password stays on the login page", async () => {
    await expect(
      signInThroughPages(authorizeUrl(instance), { userName: "admin", password: "nope", decision: "allow" }),
    ).rejects.toThrow("User name or password invalid");
  });

  test("the login page leads only to this instance", async () => {
    const response = await fetch(`${instance.url}/login.do`, {
      method: "POST",
      body: new URLSearchParams({
        user_name: "admin",
        user_password: "admin",
        return_to: "//evil.example.com/",
      }),
      redirect: "manual",
    });
    expect(response.headers.get("location")).toBe("/");
  });
});

describe("other grants", () => {
  test("password grant with the client in a Basic header", async () => {
    const response = await token(password, {
      authorization: `Basic ${Buffer.from("demo-client:demo-secret").toString("base64")}`,
    });
    expect(response.status).toBe(200);
    expect(((await response.json()) as { scope: string }).scope).toBe("useraccount");
  });

  test("a second grant gives the same token with the rest of its life", async () => {
    const first = toRow(await (await token({ ...demo, ...password })).json());
    await instance.control("POST", "clock", { advanceSeconds: 100 });
    const second = toRow(await (await token({ ...demo, ...password })).json());
    expect(second.access_token).toBe(first.access_token);
    expect(Number(first.expires_in) - Number(second.expires_in)).toBeGreaterThanOrEqual(99);
  });

  test("refresh passes over fields it does not know and keeps the refresh token", async () => {
    const first = (await (await token({ ...demo, ...password })).json()) as Record<string, string>;
    const response = await token({
      ...demo,
      grant_type: "refresh_token",
      refresh_token: present(first.refresh_token),
      params: "{'sysparm_limit': 1}",
      stream: "False",
    });
    const answer = (await response.json()) as Record<string, string>;
    expect(answer.refresh_token).toBe(first.refresh_token);
    expect(answer.access_token).not.toBe(first.access_token);
  });

  test.each([
    [{ ...demo, ...password, password: "wrong" }],
    [{ ...demo, ...password, client_secret: "wrong" }],
    [{ ...demo, grant_type: "refresh_token", refresh_token: "x" }],
    [{ ...demo, grant_type: "client_credentials" }],
    [{ ...demo, grant_type: "authorization_code", code: "x", redirect_uri: redirectUri }],
    [{ ...demo, grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: "a.b.c" }],
  ] as Record<string, string>[][])("refused alike: %j", async (fields) => {
    const response = await token(fields);
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual(refusal);
  });

  test("a JSON body is refused", async () => {
    const response = await fetch(`${instance.url}/oauth_token.do`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...demo, ...password }),
    });
    expect(response.status).toBe(401);
  });

  test("parameters in the URL are not read", async () => {
    const response = await fetch(
      `${instance.url}/oauth_token.do?${new URLSearchParams({ ...demo, ...password })}`,
      { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "" },
    );
    expect(response.status).toBe(401);
  });

  test("client_credentials acts as the application user once it is switched on", async () => {
    await instance.control("PATCH", "config", { oauthClientCredentials: true });
    const answer = (await (await token({ ...demo, grant_type: "client_credentials" })).json()) as object;
    expect(answer).not.toHaveProperty("refresh_token");
    expect(answer).toHaveProperty("access_token");
  });

  test("JWT bearer: signed by the client, for an e-mail address, once", async () => {
    const { milliseconds } = await instance.control("GET", "state");
    const now = Math.floor(Number(milliseconds) / 1000);
    const fields = jwtGrant({ ...claimsOf("beth.anglin@example.com", now), jti: "one" });
    expect((await token(fields)).status).toBe(200);
    expect((await token(fields)).status).toBe(401);
  });
});

describe("the life of a token", () => {
  test("an access token ends, and is revoked at /oauth_revoke_token.do", async () => {
    const get = async (): Promise<string> =>
      (
        (await (
          await token({ ...demo, grant_type: "password", username: "itil", password: "itil" })
        ).json()) as { access_token: string }
      ).access_token;
    const call = async (bearer: string): Promise<number> =>
      (
        await fetch(`${instance.url}/api/now/table/incident?sysparm_limit=1`, {
          headers: { authorization: `Bearer ${bearer}` },
        })
      ).status;
    const first = await get();
    expect(await call(first)).toBe(200);
    await instance.control("POST", "clock", { advanceSeconds: 1801 });
    expect(await call(first)).toBe(401);
    const second = await get();
    expect(second).not.toBe(first);
    expect((await fetch(`${instance.url}/oauth_revoke_token.do?token=${second}`)).status).toBe(200);
    expect(await call(second)).toBe(401);
  });

  test("oauth_credential shows a user his own tokens only, and never the token itself", async () => {
    const basic = (name: string) => ({
      authorization: `Basic ${Buffer.from(`${name}:${name}`).toString("base64")}`,
    });
    const read = async (name: string): Promise<{ user: string; token: string }[]> =>
      (
        (await (
          await fetch(`${instance.url}/api/now/table/oauth_credential`, { headers: basic(name) })
        ).json()) as { result: { user: string; token: string }[] }
      ).result;
    expect((await read("admin")).map((row) => row.user)).toEqual(expect.arrayContaining(["admin", "itil"]));
    const mine = await read("itil");
    expect(mine).not.toEqual([]);
    for (const row of mine) {
      expect(row.user).toBe("itil");
      expect(row.token).toMatch(/^\*+$/);
    }
  });
});

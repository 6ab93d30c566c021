import { createHash } from "node:crypto";
import { duringTests } from "../helpers/instance";
import { testInstance } from "./client";
import {
  authorized,
  authorizeUrl,
  claimsOf,
  cookiesOf,
  demo,
  jwtGrant,
  password,
  redirectUri,
  refusal,
  statusWith,
  token,
} from "./oauth";
import { present } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 5 });

type Texts = Record<string, string>;
const verifier = "v".repeat(43);
const challenge = createHash("sha256").update(verifier).digest("base64url");
const exchange = (code: string, more: Texts = {}): Texts => ({
  ...demo,
  grant_type: "authorization_code",
  code,
  redirect_uri: redirectUri,
  ...more,
});
const code = async (more: Texts = {}): Promise<string> =>
  present((await authorized(instance, more)).searchParams.get("code"));

describe("clients and tokens are records", () => {
  test("a new client gets its id and its lifespans; several redirect URLs are allowed", async () => {
    const row = await instance.create<Texts>("oauth_entity", {
      name: "Another",
      type: "client",
      client_secret: "another",
      redirect_url: "https://one.example.com/cb,\nhttps://two.example.com/cb",
    });
    expect(row.client_id).toMatch(/^[0-9a-f]{32}$/);
    expect(row).toMatchObject({
      active: "true",
      access_token_lifespan: "1800",
      refresh_token_lifespan: "8640000",
    });
    for (const redirect_uri of ["https://one.example.com/cb", "https://two.example.com/cb"]) {
      const back = await authorized(instance, { client_id: present(row.client_id), redirect_uri });
      expect(back.href).toMatch(`${redirect_uri}?code=`);
    }
    const client = { client_id: present(row.client_id), client_secret: "another" };
    expect((await token(instance, { ...client, ...password })).status).toBe(200);
    await instance.update("oauth_entity", present(row.sys_id), { active: "false" });
    expect((await token(instance, { ...client, ...password })).body).toEqual(refusal);
  });

  test("a client without a secret gets one, and a shorter life when it says so", async () => {
    const row = await instance.create<Texts>("oauth_entity", { name: "Short", access_token_lifespan: 60 });
    expect(row.client_secret).toMatch(/^\*+$/);
    const known = await instance.create<Texts>("oauth_entity", {
      name: "Short",
      client_secret: "short",
      access_token_lifespan: 60,
    });
    const answer = await token(instance, {
      client_id: present(known.client_id),
      client_secret: "short",
      ...password,
    });
    expect(answer.body.expires_in).toBe(59);
  });

  test("a provider record is no client", async () => {
    const row = await instance.create<Texts>("oauth_entity", {
      name: "Provider",
      type: "oauth_provider",
      client_secret: "x",
    });
    expect(
      (await token(instance, { client_id: present(row.client_id), client_secret: "x", ...password })).status,
    ).toBe(401);
  });

  test("revoking needs no sign-in, takes either token, and ends what two connections share", async () => {
    const first = (await token(instance, { ...demo, ...password })).body;
    const second = (await token(instance, { ...demo, ...password })).body;
    expect(second.access_token).toBe(first.access_token);
    const revoke = async (which: string): Promise<number> =>
      (await fetch(`${instance.url}/oauth_revoke_token.do?token=${which}`)).status;
    expect(await revoke(present(first.access_token))).toBe(200);
    expect(await statusWith(instance, present(second.access_token))).toBe(401);
    expect(await revoke(present(first.refresh_token))).toBe(200);
    const refresh = { ...demo, grant_type: "refresh_token", refresh_token: present(first.refresh_token) };
    expect((await token(instance, refresh)).body).toEqual(refusal);
  });
});

describe("authorization code, further", () => {
  test("the pages: sign in first, then Allow, Deny, Not you and the account", async () => {
    const first = await fetch(authorizeUrl(instance), { redirect: "manual" });
    expect([first.status, first.headers.get("location")]).toEqual([
      302,
      expect.stringMatching(/^\/login\.do\?return_to=/),
    ]);
    const cookie = await cookiesOf(instance, "itil");
    const page = async (): Promise<string> =>
      (await fetch(authorizeUrl(instance), { headers: { cookie } })).text();
    const consent = await page();
    for (const part of ["Allow", "Deny", "Not you?", "permissions of this account"])
      expect(consent).toContain(part);
    const userToken = present(present(/name="user_token" value="(\w+)"/.exec(consent))[1]);
    const denied = await fetch(authorizeUrl(instance), {
      method: "POST",
      redirect: "manual",
      headers: { cookie },
      body: new URLSearchParams({ user_token: userToken, decision: "deny" }),
    });
    expect(denied.headers.get("location")).toContain("error=access_denied");
    // Denying signs nobody out.
    expect(await page()).toContain("Allow");
  });

  test("only S256 is taken as code_challenge_method", async () => {
    const url = authorizeUrl(instance, { code_challenge: verifier, code_challenge_method: "plain" });
    expect((await fetch(url, { redirect: "manual" })).status).toBe(400);
  });

  test("a public client needs no secret, only the verifier, and gets a refresh token", async () => {
    const given = await code({
      client_id: "demo-public-client",
      code_challenge: challenge,
      code_challenge_method: "S256",
    });
    const answer = await token(instance, {
      grant_type: "authorization_code",
      client_id: "demo-public-client",
      code: given,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    });
    expect(answer.body).toMatchObject({ token_type: "Bearer", refresh_token: expect.any(String) as string });
  });

  test("the client may come as a Basic header, and a state in the exchange does no harm", async () => {
    const { client_id, client_secret, ...fields } = exchange(await code(), { state: "s-1_x" });
    const basic = Buffer.from(`${client_id}:${client_secret}`).toString("base64");
    expect((await token(instance, fields, { authorization: `Basic ${basic}` })).status).toBe(200);
  });

  test("a code is bound to its client and redirect URL", async () => {
    const other = await instance.create<Texts>("oauth_entity", { name: "Other", client_secret: "other" });
    for (const wrong of [
      { redirect_uri: `${redirectUri}/other` },
      { client_id: present(other.client_id), client_secret: "other" },
    ] as Texts[])
      expect((await token(instance, exchange(await code(), wrong))).body).toEqual(refusal);
  });

  test("response_type=token gives an access token at once, and none to refresh it with", async () => {
    const back = await authorized(instance, { response_type: "token" });
    expect(await statusWith(instance, present(back.searchParams.get("access_token")))).toBe(200);
    expect(back.searchParams.has("refresh_token")).toBe(false);
    expect(back.searchParams.get("state")).toBe("s-1_x");
  });
});

describe("who may, and how", () => {
  test("an inactive, a locked and a web-service user get no token by password", async () => {
    const made = await instance.call("POST", "/api/now/table/sys_user?sysparm_input_display_value=true", {
      body: { user_name: "mortal", user_password: "secret" },
    });
    const { sys_id } = made.result as { sys_id: string };
    const ask = async () =>
      (await token(instance, { ...demo, ...password, username: "mortal", password: "secret" })).status;
    expect(await ask()).toBe(200);
    for (const [column, bad, good] of [
      ["active", "false", "true"],
      ["locked_out", "true", "false"],
      ["web_service_access_only", "true", "false"],
    ] as const) {
      await instance.update("sys_user", sys_id, { [column]: bad });
      expect(await ask()).toBe(401);
      await instance.update("sys_user", sys_id, { [column]: good });
    }
    expect(await ask()).toBe(200);
  });

  test("a token may stand in the URL", async () => {
    const { body } = await token(instance, { ...demo, ...password });
    const path = `/api/now/table/incident?sysparm_limit=1&access_token=${body.access_token}`;
    const answer = await instance.call("GET", path, { headers: { authorization: "" } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("link")).not.toContain(body.access_token);
  });

  test("a refresh token ends after 100 days, and not before", async () => {
    const { body } = await token(instance, { ...demo, ...password });
    const refresh = { ...demo, grant_type: "refresh_token", refresh_token: present(body.refresh_token) };
    await instance.control("POST", "clock", { advanceSeconds: 99 * 86_400 });
    expect((await token(instance, refresh)).status).toBe(200);
    await instance.control("POST", "clock", { advanceSeconds: 86_401 });
    expect((await token(instance, refresh)).body).toEqual(refusal);
    await instance.control("POST", "clock", { real: true });
  });

  test("JWT bearer is refused for every claim that is wrong", async () => {
    const fine = claimsOf("beth.anglin@example.com");
    const ask = async (claims: object): Promise<number> => (await token(instance, jwtGrant(claims))).status;
    expect(await ask({ ...fine, jti: "1" })).toBe(200);
    expect(await ask({ ...fine })).toBe(401);
    expect(await ask({ ...fine, jti: "2", iss: "other" })).toBe(401);
    expect(await ask({ ...fine, jti: "3", aud: "other" })).toBe(401);
    expect(await ask({ ...fine, jti: "4", sub: "nobody@example.com" })).toBe(401);
    expect(await ask({ ...fine, jti: "5", exp: fine.iat - 1 })).toBe(401);
  });

  test("a grant type that is not known says so with 400", async () => {
    const answer = await token(instance, { ...demo, grant_type: "telepathy" });
    expect([answer.status, answer.body.error]).toEqual([400, "unsupported_grant_type"]);
  });
});

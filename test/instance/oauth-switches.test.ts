import { generateKeyPairSync, sign } from "node:crypto";
import { duringTests } from "../helpers/instance";
import { testInstance, type Row } from "./client";
import { authorized, authorizeUrl, claimsOf, demo, jwtGrant, password, token } from "./oauth";
import { switchedTo } from "./with-switches";
import { present } from "../helpers/present";

const instance = duringTests(testInstance, { incidents: 10 });

type Texts = Record<string, string>;
const withSwitches = <T>(settings: Row, work: () => Promise<T>) => switchedTo(instance, settings, work);

const page = "/api/now/table/incident?sysparm_limit=1";

describe("switches of OAuth", () => {
  test("oauthStateRequired: upgraded instances do not ask for a state", async () => {
    const status = async () =>
      (await fetch(authorizeUrl(instance, { state: "" }), { redirect: "manual" })).status;
    expect(await status()).toBe(400);
    await withSwitches({ oauthStateRequired: false }, async () => {
      const back = await authorized(instance, { state: "" });
      expect([back.searchParams.has("code"), back.searchParams.has("state")]).toEqual([true, false]);
    });
  });

  test("oauthRedirectMismatch: the first registered URL instead of an error page", async () => {
    const client = await instance.create<Texts>("oauth_entity", {
      name: "Two",
      client_secret: "two",
      redirect_url: "https://one.example.com/cb https://two.example.com/cb",
    });
    const asked = { client_id: present(client.client_id), redirect_uri: "https://three.example.com/cb" };
    await expect(authorized(instance, asked)).rejects.toThrow("Invalid redirect_uri");
    await withSwitches({ oauthRedirectMismatch: "first" }, async () => {
      const back = await authorized(instance, asked);
      expect(back.href).toMatch("https://one.example.com/cb?code=");
      const exchange = {
        client_id: present(client.client_id),
        client_secret: "two",
        grant_type: "authorization_code",
        code: present(back.searchParams.get("code")),
      };
      const used = { ...exchange, redirect_uri: "https://one.example.com/cb" };
      expect((await token(instance, used)).status).toBe(200);
    });
  });

  test("oauthRefreshEchoesToken", async () => {
    const { body } = await token(instance, { ...demo, ...password });
    const refresh = { ...demo, grant_type: "refresh_token", refresh_token: present(body.refresh_token) };
    expect((await token(instance, refresh)).body.refresh_token).toBe(body.refresh_token);
    await withSwitches({ oauthRefreshEchoesToken: false }, async () =>
      expect((await token(instance, refresh)).body).not.toHaveProperty("refresh_token"),
    );
  });

  test("oauthClientCredentials: off, and then for the client's own user", async () => {
    const ask = () => token(instance, { ...demo, grant_type: "client_credentials" });
    expect((await ask()).status).toBe(401);
    await withSwitches({ oauthClientCredentials: true }, async () => {
      const headers = { authorization: `Bearer ${(await ask()).body.access_token}` };
      const me = await instance.call(
        "GET",
        "/api/now/table/sys_user?sysparm_query=sys_id=javascript:gs.getUserID()&sysparm_fields=user_name",
        { headers },
      );
      expect(me.result).toEqual([{ user_name: "admin" }]);
      const userless = await instance.create<Texts>("oauth_entity", { name: "Nobody", client_secret: "s" });
      const fields = {
        client_id: present(userless.client_id),
        client_secret: "s",
        grant_type: "client_credentials",
      };
      expect((await token(instance, fields)).status).toBe(401);
    });
  });

  test("oauthJwtKeys: a public key for a client's assertions", async () => {
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const signed = (body: string): string =>
      sign("RSA-SHA256", Buffer.from(body), pair.privateKey).toString("base64url");
    const ask = async (jti: string): Promise<number> =>
      (await token(instance, jwtGrant({ ...claimsOf("admin@example.com"), jti }, "RS256", signed))).status;
    expect(await ask("1")).toBe(401);
    const key = pair.publicKey.export({ type: "spki", format: "pem" });
    await withSwitches({ oauthJwtKeys: { "demo-client": key } }, async () =>
      expect(await ask("2")).toBe(200),
    );
  });

  test("oauthParametersInUrl: parameters beside the body, as older instances take them", async () => {
    const ask = async (): Promise<number> =>
      (
        await fetch(`${instance.url}/oauth_token.do?${new URLSearchParams({ ...demo, ...password })}`, {
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded" },
        })
      ).status;
    expect(await ask()).toBe(401);
    await withSwitches({ oauthParametersInUrl: true }, async () => expect(await ask()).toBe(200));
  });

  test("apiKeys: in the header or the URL, or not at all", async () => {
    const [user] = await instance.rows<Texts>("sys_user", "user_name=itil");
    await instance.create("api_key", { name: "k", token: "key-1", user: present(user).sys_id });
    const header = { authorization: "", "x-sn-apikey": "key-1" };
    const inUrl = `${page}&x-sn-apikey=key-1`;
    const statuses = async () => [
      (await instance.call("GET", page, { headers: header })).status,
      (await instance.call("GET", inUrl, { headers: { authorization: "" } })).status,
    ];
    expect(await statuses()).toEqual([200, 200]);
    await withSwitches({ apiKeys: false }, async () => expect(await statuses()).toEqual([401, 401]));
  });
});

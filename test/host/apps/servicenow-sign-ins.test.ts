import { generateKeyPairSync } from "node:crypto";
import { duringTests, startInstance } from "../../helpers/instance";
import { startHost } from "../host";

/** ServiceNow accounts by each way that needs no browser, as the connect window makes them, tried with an action. */

const keys = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const instance = duringTests(startInstance, {
  incidents: 5,
  config: { oauthClientCredentials: true, oauthJwtKeys: { "demo-client": keys.publicKey } },
});
const host = duringTests(startHost);
const client = { client_id: "demo-client", client_secret: "demo-secret" };
let apiKey: string;

beforeAll(async () => {
  const row = await fetch(`${instance.url}/api/now/table/api_key`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from("admin:admin").toString("base64")}`,
      "content-type": "application/json",
      accept: "application/json",
    },
    body: JSON.stringify({ name: "Host", token: "key-of-the-host", active: "true", user: await adminId() }),
  });
  expect(row.status).toBe(201);
  apiKey = "key-of-the-host";
});

async function adminId(): Promise<string> {
  const answer = await fetch(
    `${instance.url}/api/now/table/sys_user?sysparm_query=user_name=admin&sysparm_fields=sys_id`,
    { headers: { authorization: `Basic ${Buffer.from("admin:admin").toString("base64")}` } },
  );
  return ((await answer.json()) as { result: { sys_id: string }[] }).result[0]!.sys_id;
}

const connect = (kind: string, fields: Record<string, string>) =>
  host.call<{ id: string; name: string; auth_kind: string; error: string; field?: string; fields: object }>(
    "POST",
    "/v1/connect/local/accounts?external_user_id=local",
    { app_slug: "servicenow", auth_kind: kind, cfmap_json: { instance_name: instance.url, ...fields } },
  );
const run = (account: string) =>
  host.call<{ ret: { user_name?: string }; error?: string }>("POST", "/v1/connect/local/actions/run", {
    id: "servicenow-get-current-user",
    external_user_id: "local",
    configured_props: { servicenow: { authProvisionId: account } },
  });

const ways: [string, () => Record<string, string>][] = [
  ["client_credentials", () => client],
  ["password", () => ({ ...client, username: "admin", password: "admin" })],
  ["jwt_bearer", () => ({ ...client, subject: "admin@example.com", private_key: keys.privateKey })],
  ["api_key", () => ({ api_key: apiKey })],
  ["basic", () => ({ username: "admin", password: "admin" })],
];

test.each(ways)("%s: the account is checked, runs an action and is checked again", async (kind, fields) => {
  const { status, body } = await connect(kind, fields());
  expect({ status, error: body.error ?? undefined, kind: body.auth_kind }).toEqual({
    status: 200,
    error: undefined,
    kind,
  });
  expect(body.name).toMatch(/^System Administrator on 127\.0\.0\.1/);
  for (const secret of ["demo-secret", apiKey, "PRIVATE KEY"])
    expect(JSON.stringify(body)).not.toContain(secret);
  expect((await run(body.id)).body.ret).toMatchObject({ user_name: "admin" });
  expect((await host.call("POST", `/api/accounts/${body.id}/check`)).body).toMatchObject({ healthy: true });
});

test.each([
  ["client_credentials", { ...client, client_secret: "wrong" }, /400|401|refused|sign-in failed/i],
  ["password", { ...client, username: "admin", password: "wrong" }, /sign-in was refused/i],
  [
    "jwt_bearer",
    { ...client, subject: "nobody@example.com", private_key: keys.privateKey },
    /sign-in was refused/i,
  ],
  ["jwt_bearer", { ...client, subject: "admin@example.com", private_key: "not a key" }, /no RSA private key/],
  [
    "jwt_bearer",
    { ...client, subject: "admin@example.com", private_key: "-----BEGIN RSA PRIVATE KEY-----x" },
    /openssl pkcs8/,
  ],
  ["api_key", { api_key: "two words" }, /space/],
  ["basic", { username: "a:b", password: "x" }, /colon/],
  ["basic", { username: "admin", password: "wrong" }, /authenticat|credentials|sign/i],
  [
    "telepathy",
    {},
    /the ways are authorization_code, client_credentials, jwt_bearer, api_key, password, basic/,
  ],
  ["authorization_code", client, /connected by signing in/],
])("%s with a wrong value is refused in words, without the secret", async (kind, fields, words) => {
  const { status, body } = await connect(kind, fields);
  expect({ status, said: words.test(body.error) ? true : body.error }).toEqual({ status: 422, said: true });
  expect(body.error).not.toContain("demo-secret");
});

test("a token that ended is replaced without anybody's help", async () => {
  const { body } = await connect("client_credentials", client);
  await instance.control("POST", "clock", { advanceSeconds: 4000 });
  const first = await run(body.id);
  // The instance refused the token: the host takes a new one at the next use.
  expect(JSON.stringify(first.body)).toMatch(/renews the account's token/);
  const second = await run(body.id);
  expect(second.body.error ?? undefined).toBeUndefined();
  expect(second.body.ret).toMatchObject({ user_name: "admin" });
});

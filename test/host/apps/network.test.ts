import { duringTests, startInstance } from "../../helpers/instance";
import { present } from "../../helpers/present";
import { startHost } from "../host";
import { makeAuthority, signedBy, type Authority, type KeyPair } from "../network/certificates";
import { startProxy, startTlsFront, type Proxy, type TlsFront } from "../network/tunnels";

/** Accounts of an instance with a certificate of a company's own, that asks for client certificates and lies behind a proxy. */

const NAME = "itsm.acme.example";
const instance = duringTests(startInstance, { incidents: 5, config: { oauthClientCredentials: true } });
const host = duringTests(startHost);
let authority: Authority;
let own: KeyPair;
let front: TlsFront;
let proxy: Proxy;

beforeAll(async () => {
  authority = await makeAuthority("Acme Authority");
  own = await signedBy(authority, "integration user");
  const server = await signedBy(authority, NAME, [NAME]);
  front = await startTlsFront(Number(new URL(instance.url).port), server, authority.certificate);
  proxy = await startProxy((name) => (name === NAME ? front.port : undefined));
}, 60_000);
afterAll(async () => {
  await proxy?.stop();
  await front?.stop();
});

interface Answer {
  id: string;
  error?: string | null;
  field?: string;
  network?: Record<string, unknown>;
}
const whole = (): Record<string, string> => ({
  ca_certificate: authority.certificate,
  client_certificate: own.certificate,
  client_key: own.key,
  proxy_url: proxy.url,
});
const connect = (network: object | undefined, more: object = {}) =>
  host.call<Answer>("POST", "/v1/connect/local/accounts?external_user_id=local", {
    app_slug: "servicenow",
    auth_kind: "client_credentials",
    cfmap_json: { instance_name: NAME, client_id: "demo-client", client_secret: "demo-secret" },
    ...(network ? { network } : {}),
    ...more,
  });
const run = (account: string) =>
  host.call<{ ret?: { user_name?: string }; error?: string; os: unknown[] }>(
    "POST",
    "/v1/connect/local/actions/run",
    {
      id: "servicenow-get-current-user",
      external_user_id: "local",
      configured_props: { servicenow: { authProvisionId: account } },
    },
  );

test("every request of the account has its certificates and goes through its proxy: sign-in, check, component, renewal", async () => {
  const made = await connect(whole());
  expect({ status: made.status, error: made.body.error }).toEqual({ status: 200, error: null });
  expect(made.body.network).toEqual({
    ca_certificate: [{ subject: "CN=Acme Authority", valid_to: expect.any(String) }],
    client_certificate: [{ subject: "CN=integration user", valid_to: expect.any(String) }],
    proxy: `127.0.0.1:${proxy.port}`,
  });
  for (const secret of ["PRIVATE KEY", "through", "demo-secret"])
    expect(JSON.stringify(made.body)).not.toContain(secret);
  const signedIn = proxy.asked.length;
  expect(new Set(proxy.asked)).toEqual(new Set([`${NAME}:443`]));

  expect((await run(made.body.id)).body.ret).toMatchObject({ user_name: "admin" });
  expect(proxy.asked.length).toBeGreaterThan(signedIn);
  expect((await host.call("POST", `/api/accounts/${made.body.id}/check`)).body).toMatchObject({
    healthy: true,
  });
  await instance.control("POST", "clock", { advanceSeconds: 4000 });
  await run(made.body.id);
  expect((await run(made.body.id)).body.ret).toMatchObject({ user_name: "admin" });
  expect(new Set(proxy.asked)).toEqual(new Set([`${NAME}:443`]));
  expect(new Set(front.clients)).toEqual(new Set(["integration user"]));
});

test("the platform's axios and fetch of a component travel the same way", async () => {
  const made = await host.call<Answer>("POST", "/v1/connect/local/accounts?external_user_id=local", {
    app_slug: "conformance",
    cfmap_json: { api_key: "a-key-of-mine", user: "sue" },
    network: whole(),
  });
  const before = front.clients.length;
  const { body } = await host.call<{ ret?: unknown; os: unknown[] }>(
    "POST",
    "/v1/connect/local/actions/run",
    {
      id: "conformance-visit",
      external_user_id: "local",
      configured_props: {
        conformance: { authProvisionId: made.body.id },
        url: `https://${NAME}/api/now/nothing`,
      },
    },
  );
  expect(body).toMatchObject({ ret: { axios: 401, fetch: 401, https: 401 } });
  expect(front.clients.length).toBe(before + 3);
});

test.each<[string, () => object | undefined, RegExp]>([
  ["without any", () => undefined, /itsm\.acme\.example|address|reach/],
  ["without the authority", () => ({ ...whole(), ca_certificate: "" }), /certificate/i],
  [
    "without the client certificate",
    () => ({ ca_certificate: authority.certificate, proxy_url: proxy.url }),
    /./,
  ],
  [
    "without the proxy's password",
    () => ({ ...whole(), proxy_url: `http://127.0.0.1:${proxy.port}` }),
    /EPROXYAUTH|asks for a user and a password/,
  ],
])("%s the account is not connected, and the reason is told", async (_, network, words) => {
  const { status, body } = await connect(network());
  expect(status).toBe(422);
  expect(body.error).toMatch(words);
  expect(body.error).not.toContain("through the wall");
});

test.each<[string, () => object, string, RegExp]>([
  [
    "a key of another certificate",
    () => ({ ...whole(), client_key: authority.key }),
    "client_key",
    /not the one/,
  ],
  ["half a pair", () => ({ client_certificate: own.certificate }), "client_key", /belong together/],
  ["text", () => ({ ca_certificate: "trust me" }), "ca_certificate", /PEM/],
  ["a proxy over TLS", () => ({ proxy_url: "https://proxy.example.com" }), "proxy_url", /CONNECT/],
])("%s is refused at its field", async (_, network, field, words) => {
  const { status, body } = await connect(network());
  expect({ status, field: body.field }).toEqual({ status: 422, field });
  expect(body.error).toMatch(words);
});

test("a kept secret does not travel another way than the one it was entered for", async () => {
  const { body } = await connect(whole());
  const again = (more: object) =>
    connect(undefined, {
      account_id: body.id,
      cfmap_json: { instance_name: NAME, client_id: "demo-client" },
      ...more,
    });
  expect((await again({})).status).toBe(200);
  const moved = await again({ network: { ca_certificate: authority.certificate, proxy_url: proxy.url } });
  expect(moved).toMatchObject({ status: 422, body: { field: "client_secret" } });
});

test("a proxy at an inner address is refused where inner networks are closed, and leads to none itself", async () => {
  const closed = await startHost({ env: { ALLOWED_NETWORKS: "" } });
  try {
    const refused = await closed.call<Answer>("POST", "/v1/connect/local/accounts?external_user_id=local", {
      app_slug: "servicenow",
      auth_kind: "client_credentials",
      cfmap_json: { instance_name: NAME, client_id: "demo-client", client_secret: "demo-secret" },
      network: whole(),
    });
    expect(refused.status).toBe(422);
    expect(refused.body.error).toMatch(/loopback address|could not be reached/);
    expect(present(closed).said()).not.toContain("through the wall");
  } finally {
    await closed.stop();
  }
});

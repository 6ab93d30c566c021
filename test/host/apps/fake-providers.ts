import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What came to the token address of an app. */
interface TokenRequest {
  path: string;
  form: Record<string, string>;
  authorization: string;
}

export interface Provider {
  /** How client id and secret must come. */
  client: "body" | "basic";
  /** The token address's answer, as the app's documentation shows it. */
  token: Record<string, unknown>;
  /** The answer of its test request. */
  person: Record<string, unknown>;
  /** The header that must carry the token, as the documentation says. */
  credential: [header: string, value: string];
}

export interface FakeProviders {
  url: string;
  requests: TokenRequest[];
  /** Headers of the last request that was no token request. */
  lastHeaders(): Record<string, unknown>;
  stop(): Promise<void>;
}

/** The token and API endpoints of many apps on one server: the app's host is the first part of the path. */
export async function startFakeProviders(
  providerOf: (path: string) => Provider | undefined,
  isTokenPath: (path: string) => boolean,
): Promise<FakeProviders> {
  const requests: TokenRequest[] = [];
  let last: Record<string, unknown> = {};
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const path = new URL(request.url ?? "/", "http://fake").pathname;
    const provider = providerOf(path);
    let text = "";
    for await (const chunk of request) text += String(chunk);
    if (!provider) return { status: 404, body: { error: "no such app" } };
    if (!isTokenPath(path)) {
      last = request.headers;
      const [header, value] = provider.credential;
      return request.headers[header] === value
        ? { status: 200, body: provider.person }
        : { status: 401, body: { message: "Bad credentials" } };
    }
    const form = Object.fromEntries(new URLSearchParams(text));
    requests.push({ path, form, authorization: request.headers.authorization ?? "" });
    const basic = `Basic ${Buffer.from("the-client:the-secret").toString("base64")}`;
    const isKnown =
      provider.client === "basic"
        ? request.headers.authorization === basic && form.client_secret === undefined
        : form.client_id === "the-client" && form.client_secret === "the-secret";
    if (!isKnown) return { status: 401, body: { error: "invalid_client" } };
    if (form.code !== "good-code") return { status: 200, body: { error: "bad_verification_code" } };
    return { status: 200, body: provider.token };
  };
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    lastHeaders: () => last,
    stop: () => new Promise((done) => server.close(() => done())),
  };
}

import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { present } from "../helpers/present";

/** An OAuth server whose answers a test can choose, and that counts what it was asked. */
export interface TokenServer {
  url: string;
  /** Grants that came to the token endpoint, in order. */
  grants: Record<string, string>[];
  revoked: string[];
  /** Life of the access tokens, in seconds. */
  expiresIn: number;
  /** A refresh token in the answer to a refresh. */
  rotates: boolean;
  /** Answers the token endpoint instead of the usual. */
  answer?: (grant: Record<string, string>) => { status: number; type?: string; body: string } | undefined;
  /** What a browser would do: follows the address it is sent to, and gives the address it is sent back to. */
  authorize(url: string, decision?: "allow" | "deny"): string;
  /** Who signs in. */
  person: string;
  /** As if every access token had been revoked. */
  forgetTokens(): void;
  stop(): Promise<void>;
}

export async function startTokenServer(): Promise<TokenServer> {
  const codes = new Map<string, { challenge: string; redirect: string }>();
  let issued = 0;
  const tokens = new Set<string>();
  const server = createServer((request, response) => void route(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const self: TokenServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    grants: [],
    revoked: [],
    expiresIn: 3600,
    rotates: true,
    person: "Ann Example",
    forgetTokens: () => tokens.clear(),
    authorize(address, decision = "allow") {
      const asked = new URL(address).searchParams;
      const back = new URL(present(asked.get("redirect_uri")));
      back.searchParams.set("state", present(asked.get("state")));
      if (decision === "deny") {
        back.searchParams.set("error", "access_denied");
        return back.href;
      }
      const code = randomBytes(8).toString("hex");
      codes.set(code, {
        challenge: present(asked.get("code_challenge")),
        redirect: present(asked.get("redirect_uri")),
      });
      back.searchParams.set("code", code);
      return back.href;
    },
    stop: () => new Promise((done) => server.close(() => done())),
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const reply = (status: number, body: unknown, type = "application/json"): void => {
      response.writeHead(status, { "content-type": type });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    if (request.url === "/me") {
      const token = (request.headers.authorization ?? "").replace("Bearer ", "");
      return tokens.has(token) ? reply(200, { name: self.person }) : reply(401, {});
    }
    let text = "";
    for await (const chunk of request) text += String(chunk);
    if (request.url?.startsWith("/echo")) {
      const { authorization = "", ...headers } = request.headers;
      if (!tokens.has(authorization.replace("Bearer ", ""))) return reply(401, { error: "who?" });
      if (headers.accept === "text/csv") return reply(200, "a,b\n1,2\n", "text/csv");
      return reply(200, { method: request.method, url: request.url, headers, body: text });
    }
    const grant = Object.fromEntries(new URLSearchParams(text));
    if (request.url === "/revoke") {
      self.revoked.push(grant.token ?? "");
      return reply(200, {});
    }
    self.grants.push(grant);
    const chosen = self.answer?.(grant);
    if (chosen) return reply(chosen.status, chosen.body, chosen.type ?? "application/json");
    if (grant.client_secret !== "the-secret") return reply(401, { error: "invalid_client" });
    if (grant.grant_type === "authorization_code") {
      const code = codes.get(grant.code ?? "");
      codes.delete(grant.code ?? "");
      const challenge = createHash("sha256")
        .update(grant.code_verifier ?? "")
        .digest("base64url");
      if (!code || code.challenge !== challenge || code.redirect !== grant.redirect_uri)
        return reply(400, { error: "invalid_grant", error_description: "code or verifier is wrong" });
    }
    issued += 1;
    tokens.add(`access-token-number-${issued}`);
    const isRefresh = grant.grant_type === "refresh_token";
    return reply(200, {
      access_token: `access-token-number-${issued}`,
      token_type: "Bearer",
      expires_in: self.expiresIn,
      ...(isRefresh && !self.rotates ? {} : { refresh_token: `refresh-token-number-${issued}` }),
    });
  };
  return self;
}

import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface TokenServer {
  url: string;
  asked: number;
  expire(): void;
  close(): Promise<void>;
}

/** Tokens and nothing else: what matters is how often it is asked. */
export async function tokenServer(): Promise<TokenServer> {
  let good = "";
  let count = 0;
  const json = (response: ServerResponse, status: number, body: unknown): void =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  const server = createServer((request, response) => {
    request.resume();
    if (request.url?.startsWith("/oauth_token.do")) {
      state.asked++;
      setTimeout(() => {
        good ||= `token${++count}`;
        json(response, 200, {
          access_token: good,
          refresh_token: "r",
          expires_in: 1799,
          scope: "useraccount",
          token_type: "Bearer",
        });
      }, 60);
      return;
    }
    setTimeout(() => {
      if (request.headers.authorization === `Bearer ${good}`) json(response, 200, { result: [] });
      else
        json(response, 401, {
          error: { message: "User is not authenticated", detail: "" },
          status: "failure",
        });
    }, 10);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const state: TokenServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: 0,
    expire: () => {
      good = "";
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return state;
}

import type { Socket } from "node:net";
import { Agent, buildConnector, fetch as undiciFetch, type RequestInit as UndiciInit } from "undici";
import { HostError, messageOf } from "../errors";
import { AddressRule, type AllowedNetwork } from "./address-rule";
import { checkedLookup, checkLiteral, ConnectionRefused, dial } from "./dial";
import { tlsOptions, type AccountNetwork, type TlsOptions } from "./network";
import { dialThrough } from "./proxy-tunnel";

export interface OutboundLimits {
  /** From the start until the last byte of the answer. */
  timeoutMs: number;
  /** Of the answer's body after decompression; beyond it the body fails. */
  maxBytes: number;
}

export type OutboundInit = Pick<RequestInit, "method" | "headers" | "body" | "redirect" | "signal">;

const CONNECT_MS = 15_000;
/** Ways of accounts that are kept open. */
const MOST_NETWORKS = 200;

/**
 * The one way out: whatever the host itself or a component's process asks of the network is connected here, to an address that was
 * checked after it was resolved, at each hop.
 */
export class Outbound {
  readonly #rule: AddressRule;
  readonly #agent: Agent;
  readonly #network: AccountNetwork | undefined;
  readonly #ofAccounts = new Map<string, Outbound>();

  constructor(allowed: readonly AllowedNetwork[] | AddressRule = [], network?: AccountNetwork) {
    this.#rule = allowed instanceof AddressRule ? allowed : new AddressRule(allowed);
    this.#network = network;
    this.#agent = new Agent({ connect: connector(this.#rule, network), allowH2: false });
  }

  /** The same way out with the certificates and the proxy of an account. */
  through(network: AccountNetwork | undefined): Outbound {
    if (!network) return this;
    const key = JSON.stringify(network);
    const known = this.#ofAccounts.get(key);
    if (known) return known;
    const [oldest] = this.#ofAccounts;
    if (oldest && this.#ofAccounts.size >= MOST_NETWORKS) {
      this.#ofAccounts.delete(oldest[0]);
      void oldest[1].close();
    }
    const made = new Outbound(this.#rule, network);
    this.#ofAccounts.set(key, made);
    return made;
  }

  /**
   * A request over HTTP. Redirects are followed as `redirect` says, each target being checked like the first.
   *
   * @throws HostError 403 for an address that may not be reached; otherwise as `fetch` does, with the cause.
   */
  async fetch(url: string | URL, init: OutboundInit, limits: OutboundLimits): Promise<Response> {
    const timeout = AbortSignal.timeout(limits.timeoutMs);
    const [plain, headers] = withoutCredentials(url, init.headers);
    try {
      const answer = await undiciFetch(plain, {
        ...(init as UndiciInit),
        headers: [...headers],
        dispatcher: this.#agent,
        signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
      });
      return capped(answer, limits.maxBytes);
    } catch (error) {
      const refused = refusalIn(error);
      if (refused) throw new HostError(403, refused.message, { code: refused.code });
      throw error;
    }
  }

  /** A TCP connection for a component's process. @throws ConnectionRefused, or the system's error. */
  dial(host: string, port: number): Promise<Socket> {
    const proxy = this.#network?.proxy_url;
    return proxy ? dialThrough(this.#rule, new URL(proxy), host, port) : dial(this.#rule, host, port);
  }

  async close(): Promise<void> {
    for (const other of this.#ofAccounts.values()) await other.close();
    await this.#agent.destroy();
  }
}

/** `user:password@` in an address becomes the header it stands for; `fetch` would refuse it, with the password in its message. */
function withoutCredentials(url: string | URL, given: OutboundInit["headers"]): [URL, Headers] {
  const plain = new URL(url);
  const headers = new Headers(given);
  const { username, password } = plain;
  if (username === "" && password === "") return [plain, headers];
  plain.username = plain.password = "";
  if (!headers.has("authorization")) {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    headers.set("authorization", `Basic ${Buffer.from(pair).toString("base64")}`);
  }
  return [plain, headers];
}

function connector(rule: AddressRule, network: AccountNetwork | undefined): buildConnector.connector {
  const byPort = new Map<number, buildConnector.connector>();
  const tls = network ? tlsOptions(network) : {};
  if (network?.proxy_url) return throughProxy(rule, new URL(network.proxy_url), tls);
  return (options, callback) => {
    const port = Number(options.port || (options.protocol === "https:" ? 443 : 80));
    let connect = byPort.get(port);
    if (!connect) {
      connect = buildConnector({ ...tls, timeout: CONNECT_MS, lookup: checkedLookup(rule, port) });
      byPort.set(port, connect);
    }
    try {
      checkLiteral(rule, options.hostname, port);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    connect(options, callback);
  };
}

function throughProxy(rule: AddressRule, proxy: URL, tls: TlsOptions): buildConnector.connector {
  const overTls = buildConnector({ ...tls, timeout: CONNECT_MS });
  return (options, callback) => {
    const isTls = options.protocol === "https:";
    dialThrough(rule, proxy, options.hostname, Number(options.port || (isTls ? 443 : 80))).then(
      (httpSocket) => (isTls ? overTls({ ...options, httpSocket }, callback) : callback(null, httpSocket)),
      (error: unknown) => callback(error instanceof Error ? error : new Error(messageOf(error)), null),
    );
  };
}

function refusalIn(error: unknown): ConnectionRefused | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof ConnectionRefused) return at;
  return undefined;
}

/** The answer with a body that fails once it is longer than allowed, so that neither a long nor a well-packed one fills the memory. */
function capped(answer: Response, maxBytes: number): Response {
  if (!answer.body) return answer;
  let bytes = 0;
  const counted = answer.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > maxBytes)
          throw new HostError(
            502,
            `The answer of ${new URL(answer.url).host} is longer than the ${Math.ceil(maxBytes / 1e6)} MB that are read.`,
          );
        controller.enqueue(chunk);
      },
    }),
  );
  const kept = new Response(counted, {
    status: answer.status,
    statusText: answer.statusText,
    headers: [...answer.headers],
  });
  return Object.defineProperty(kept, "url", { value: answer.url });
}

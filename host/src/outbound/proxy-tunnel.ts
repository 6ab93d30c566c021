import { lookup } from "node:dns/promises";
import { Socket } from "node:net";
import type { AddressRule } from "./address-rule";
import { checkedLookup, checkLiteral, ConnectionRefused } from "./dial";

const CONNECT_MS = 15_000;
const MOST_HEAD = 16_384;

/**
 * A connection to `host:port` through an HTTP proxy (CONNECT), from which nothing after the proxy's answer has been read. The proxy itself
 * must be at an address that the rule allows. Where a name leads is for the proxy to find out; one that is known here to lead to an
 * address that may not be reached is refused all the same.
 *
 * @throws ConnectionRefused, or Error with what the proxy said.
 */
export async function dialThrough(
  rule: AddressRule,
  proxy: URL,
  host: string,
  port: number,
): Promise<Socket> {
  await refuseInner(rule, host.replace(/^\[|\]$/g, ""), port);
  return new Promise((resolve, reject) => {
    let head = "";
    const fail = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const end = (): void => {
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
      if (status !== "200") return fail(proxyRefused(proxy, host, port, status));
      clearTimeout(timer);
      socket.removeListener("error", fail);
      socket.removeListener("end", onEnd);
      resolve(socket);
    };
    const onEnd = (): void => fail(new Error(`The proxy ${proxy.host} closed the connection.`));
    // One byte at a time: what comes after the proxy's answer is for whoever gets the connection.
    const socket = new Socket({
      allowHalfOpen: true,
      onread: {
        buffer: Buffer.alloc(1),
        callback: (_count, buffer) => {
          head += String.fromCharCode(buffer[0] ?? 0);
          if (head.endsWith("\r\n\r\n")) {
            end();
            return false;
          }
          if (head.length > MOST_HEAD)
            fail(new Error(`The proxy ${proxy.host} gave no answer that is HTTP.`));
          return head.length <= MOST_HEAD;
        },
      },
    });
    const timer = setTimeout(
      () =>
        fail(
          Object.assign(
            new Error(
              `The proxy ${proxy.host} did not connect to ${host}:${port} within ${CONNECT_MS / 1000} s.`,
            ),
            { code: "ETIMEDOUT" },
          ),
        ),
      CONNECT_MS,
    );
    socket.once("error", fail);
    socket.once("end", onEnd);
    socket.once("connect", () => socket.write(requestFor(proxy, host, port)));
    const at = proxy.hostname.replace(/^\[|\]$/g, "");
    const proxyPort = Number(proxy.port || 80);
    try {
      checkLiteral(rule, at, proxyPort);
    } catch (error) {
      return fail(error as Error);
    }
    socket.connect({ host: at, port: proxyPort, lookup: checkedLookup(rule, proxyPort) });
  });
}

/** @throws ConnectionRefused */
async function refuseInner(rule: AddressRule, host: string, port: number): Promise<void> {
  checkLiteral(rule, host, port);
  const addresses = await lookup(host, { all: true }).catch(() => []);
  const refusals = addresses.map(({ address }) => rule.refusal(address, port));
  const [first] = refusals;
  if (first !== undefined && refusals.every((kind) => kind !== undefined))
    throw new ConnectionRefused(host, first);
}

function requestFor(proxy: URL, host: string, port: number): string {
  const target = `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
  const { username, password } = proxy;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const credentials =
    username === "" ? "" : `Proxy-Authorization: Basic ${Buffer.from(pair).toString("base64")}\r\n`;
  return `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${credentials}\r\n`;
}

function proxyRefused(proxy: URL, host: string, port: number, status: string | undefined): Error {
  const why =
    status === "407"
      ? "it asks for a user and a password: write them into the proxy's address"
      : status === undefined
        ? "its answer is not HTTP"
        : `HTTP ${status}`;
  return Object.assign(new Error(`The proxy ${proxy.host} did not connect to ${host}:${port} (${why}).`), {
    code: status === "407" ? "EPROXYAUTH" : "EPROXY",
  });
}

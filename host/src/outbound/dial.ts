import { lookup as systemLookup } from "node:dns";
import { isIP, Socket, type LookupFunction } from "node:net";
import type { AddressRule } from "./address-rule";

/** A connection that the rule does not allow. The address itself is not named: names of an inner network are nobody's to look up. */
export class ConnectionRefused extends Error {
  override name = "ConnectionRefused";
  readonly code = "ERR_ADDRESS_REFUSED";
  constructor(host: string, kind: string) {
    super(
      `${host} is a ${kind} address, and this host connects to public ones only. Whoever runs the host can open a network with ALLOWED_NETWORKS.`,
    );
  }
}

/**
 * A `lookup` for `net.connect` that gives only addresses the rule allows for this port. The connection is made to the very address that was
 * checked, so that a name that changes its address in between gains nothing.
 */
export function checkedLookup(rule: AddressRule, port: number): LookupFunction {
  return (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true, order: "verbatim" }, (error, addresses) => {
      if (error) return callback(error, options.all ? [] : "", 0);
      const allowed = addresses.filter(({ address }) => rule.refusal(address, port) === undefined);
      const [first] = allowed;
      if (!first) {
        const kind = rule.refusal(addresses[0]?.address ?? "", port) ?? "unreadable";
        return callback(new ConnectionRefused(hostname, kind), options.all ? [] : "", 0);
      }
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** An address that stands for itself is never looked up. @throws ConnectionRefused */
export function checkLiteral(rule: AddressRule, host: string, port: number): void {
  const literal = host.replace(/^\[|\]$/g, "");
  if (isIP(literal) === 0) return;
  const kind = rule.refusal(literal, port);
  if (kind !== undefined) throw new ConnectionRefused(host, kind);
}

const CONNECT_MS = 15_000;

/**
 * A TCP connection to an address that the rule allows, not read from yet.
 *
 * @throws ConnectionRefused, or the system's error.
 */
export function dial(rule: AddressRule, host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const plain = host.replace(/^\[|\]$/g, "");
    checkLiteral(rule, plain, port);
    const socket = new Socket({ allowHalfOpen: true });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(
      () =>
        fail(
          Object.assign(new Error(`${host}:${port} did not answer within ${CONNECT_MS / 1000} s.`), {
            code: "ETIMEDOUT",
          }),
        ),
      CONNECT_MS,
    );
    socket.once("error", (error) => {
      clearTimeout(timer);
      fail(error);
    });
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeListener("error", fail);
      resolve(socket);
    });
    socket.connect({ host: plain, port, lookup: checkedLookup(rule, port), autoSelectFamily: true });
  });
}

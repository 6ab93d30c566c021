import ipaddr from "ipaddr.js";

/** A network that may be reached though it is not public, with one port or all. */
export interface AllowedNetwork {
  network: [ipaddr.IPv4 | ipaddr.IPv6, number];
  port?: number;
}

/** Addresses of IPv4 inside IPv6 that reach the IPv4 address itself: mapped ones, and those a network translates (RFC 6052). */
function plainAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 {
  const address = ipaddr.process(text);
  if (address.kind() === "ipv6" && address.range() === "rfc6052")
    return ipaddr.fromByteArray(address.toByteArray().slice(12));
  return address;
}

/**
 * Which resolved addresses the host connects to: public ones, and those of `ALLOWED_NETWORKS`. Loopback, private, link-local,
 * carrier-grade, multicast and reserved ranges are refused otherwise, in each form an address can have.
 */
export class AddressRule {
  constructor(readonly allowed: readonly AllowedNetwork[]) {}

  /** @returns what kind of address it is when it may not be reached; undefined when it may. */
  refusal(address: string, port: number): string | undefined {
    let plain: ipaddr.IPv4 | ipaddr.IPv6;
    try {
      plain = plainAddress(address.replace(/%.*$/, ""));
    } catch {
      return "unreadable";
    }
    const kind = plain.range();
    if (kind === "unicast") return undefined;
    const open = this.allowed.some(
      ({ network: [base, bits], port: only }) =>
        base.kind() === plain.kind() &&
        plain.match([base, bits] as never) &&
        (only === undefined || only === port),
    );
    return open ? undefined : (KINDS[kind] ?? "reserved");
  }
}

const KINDS: Record<string, string> = {
  loopback: "loopback",
  private: "private",
  uniqueLocal: "private",
  linkLocal: "link-local",
  carrierGradeNat: "private",
  multicast: "multicast",
  broadcast: "multicast",
  unspecified: "loopback",
};

/**
 * The networks of `ALLOWED_NETWORKS`: addresses or ranges with commas between, each with a port if only that one is meant
 * (`10.0.0.0/8, 192.168.1.20, 127.0.0.1:3001, [::1]:3001`).
 *
 * @throws Error that names the part that is none.
 */
export function readNetworks(text: string): AllowedNetwork[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(readNetwork);
}

function readNetwork(text: string): AllowedNetwork {
  const match =
    /^\[(?<bracketed>[^\]]+)\](?::(?<port6>\d{1,5}))?$/.exec(text) ??
    /^(?<plain>[^:]+)(?::(?<port4>\d{1,5}))?$/.exec(text);
  const range = match?.groups?.bracketed ?? match?.groups?.plain ?? text;
  const port = match?.groups?.port6 ?? match?.groups?.port4;
  try {
    const address = range.includes("/") ? undefined : ipaddr.parse(range);
    const network = address
      ? ([address, address.kind() === "ipv4" ? 32 : 128] as [ipaddr.IPv4 | ipaddr.IPv6, number])
      : ipaddr.parseCIDR(range);
    if (port === undefined) return { network };
    if (Number(port) < 1 || Number(port) > 65_535) throw new Error("no port");
    return { network, port: Number(port) };
  } catch {
    throw new Error(
      `ALLOWED_NETWORKS has "${text}", which is neither an address nor a range. It takes such as 10.0.0.0/8, 192.168.1.20 or 127.0.0.1:3001.`,
    );
  }
}

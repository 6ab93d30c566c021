import { HostError } from "../../errors";
import { isLoopbackName } from "../../loopback";
import { fillHost } from "./placeholders";

/**
 * Whether an account's credentials may go to an address: https on one of the app's API hosts, plain http on this machine only. A host
 * may hold `{field}`, and begin with `*.`, which stands for one or more names before it.
 */
export function isApiHost(url: URL, hosts: string[], values: Record<string, string>): boolean {
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopbackName(url.hostname))) return false;
  return hosts.some((template) => {
    let host: string;
    try {
      host = fillHost(template, values).toLowerCase();
    } catch (error) {
      if (error instanceof HostError) return false;
      throw error;
    }
    const own = host.includes(":") ? url.host : url.port === "" ? url.hostname : url.host;
    return host.startsWith("*.") ? own.endsWith(host.slice(1)) && own.length > host.length - 1 : own === host;
  });
}

import { usageError } from "./errors";

/** A checked instance address. */
export interface Instance {
  /** `https://dev98042.service-now.com`: scheme, host and port, no slash at the end. */
  origin: string;
  /** Host with port, if one was given. */
  host: string;
  /** First label of a `*.service-now.com` host (`dev98042`), otherwise null. */
  name: string | null;
}

const FORMS =
  "Write the instance name (dev98042), its host (dev98042.service-now.com, support.example.com) or its address (https://dev98042.service-now.com)";

/**
 * Reads an instance name, host or address. A bare name means `<name>.service-now.com`; every other https host is taken as
 * it is (vanity, government and on-premise addresses). Of an address copied from the browser the host counts. `http://` is for loopback hosts, unless `allowHttp` is set.
 *
 * @throws ServiceNowError of kind `usage` that says what is wrong with the text
 */
export function parseInstance(input: string, options: { allowHttp?: boolean } = {}): Instance {
  if (typeof input !== "string" || !input.trim()) throw usageError("The instance name is empty", FORMS);
  const text = input.trim();
  if (/\s/.test(text)) throw usageError(`The instance name "${text}" has a space in it`, FORMS);

  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme && scheme !== "https" && scheme !== "http") {
    throw usageError(`The instance address starts with ${scheme}://, which is not a web address`, FORMS);
  }
  const bare = scheme ? null : text.replace(/\/+$/, "");
  if (bare !== null && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(bare) && !isLoopback(bare)) {
    const name = bare.toLowerCase();
    return { origin: `https://${name}.service-now.com`, host: `${name}.service-now.com`, name };
  }
  if (bare !== null && isLoopback(bare.replace(/:\d+$/, ""))) {
    throw usageError(`"${text}" is this computer, and the scheme is missing`, `Write http://${bare}`);
  }
  return fromUrl(scheme ? text : `https://${bare}`, text, options.allowHttp ?? false);
}

function fromUrl(address: string, text: string, allowHttp: boolean): Instance {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw usageError(`"${text}" is not an instance name or address`, FORMS);
  }
  if (url.username || url.password) {
    throw usageError("The instance address holds a user name or password", `Leave it out. ${FORMS}`);
  }
  const host = url.hostname;
  if (!/^\[.*\]$|^[a-z0-9.-]+$/i.test(host) || host.startsWith(".") || host.includes("..")) {
    throw usageError(`"${text}" is not an instance name or address`, FORMS);
  }
  const missingHyphen = /^([a-z0-9-]+)\.servicenow\.com$/i.exec(host)?.[1];
  if (missingHyphen) {
    throw usageError(
      `"${host}" is not an instance: the host of an instance has a hyphen in it`,
      `Write ${missingHyphen}.service-now.com`,
    );
  }
  if (url.protocol === "http:" && !isLoopback(host) && !allowHttp) {
    throw usageError(
      `The instance address http://${url.host} is not encrypted, and passwords and tokens would travel in the open`,
      `Write https://${url.host}`,
    );
  }
  return { origin: url.origin, host: url.host, name: /^([^.]+)\.service-now\.com$/.exec(host)?.[1] ?? null };
}

/** True for the names and addresses of this computer. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/i.test(host) || /\.localhost$/i.test(host);
}

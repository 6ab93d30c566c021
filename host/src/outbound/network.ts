import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { rootCertificates } from "node:tls";
import { HostError, messageOf } from "../errors";

/** How the requests of one account travel: certificates in PEM, and a proxy. */
export interface AccountNetwork {
  /** Authorities that are trusted beside the public ones. */
  ca_certificate?: string;
  /** With its chain. */
  client_certificate?: string;
  client_key?: string;
  /** `http://host:port`, with `user:password@` where it asks for them. */
  proxy_url?: string;
}

/** For TLS, as Node.js takes them. */
export interface TlsOptions {
  ca?: string[];
  cert?: string;
  key?: string;
}

export function tlsOptions({ ca_certificate, client_certificate, client_key }: AccountNetwork): TlsOptions {
  return {
    ...(ca_certificate ? { ca: [...rootCertificates, ca_certificate] } : {}),
    ...(client_certificate && client_key ? { cert: client_certificate, key: client_key } : {}),
  };
}

const NAMES = ["ca_certificate", "client_certificate", "client_key", "proxy_url"] as const;

/**
 * What somebody entered, checked. Blank fields are left out; undefined when all are.
 *
 * @throws HostError 422 that names the field.
 */
export function readNetwork(given: AccountNetwork): AccountNetwork | undefined {
  const network: AccountNetwork = {};
  for (const name of NAMES) {
    const value = given[name]?.trim();
    if (value) network[name] = value;
  }
  const { ca_certificate, client_certificate, client_key, proxy_url } = network;
  if (ca_certificate) certificatesIn("ca_certificate", ca_certificate);
  if (client_certificate || client_key) checkPair(client_certificate, client_key);
  if (proxy_url) checkProxy(proxy_url);
  return Object.keys(network).length > 0 ? network : undefined;
}

/** What may be shown of it: whose the certificates are and how long they hold, and the proxy without its password. */
export function describeNetwork(network: AccountNetwork): Record<string, unknown> {
  const { ca_certificate, client_certificate, proxy_url } = network;
  const facts = (pem: string): { subject: string; valid_to: string }[] =>
    certificatesIn("", pem).map(({ subject, validToDate }) => ({
      subject: subject.replaceAll("\n", ", "),
      valid_to: validToDate.toISOString(),
    }));
  return {
    ...(ca_certificate ? { ca_certificate: facts(ca_certificate) } : {}),
    ...(client_certificate ? { client_certificate: facts(client_certificate) } : {}),
    ...(proxy_url ? { proxy: new URL(proxy_url).host } : {}),
  };
}

/** What in it must never be shown. */
export function secretsOfNetwork({ client_key, proxy_url }: AccountNetwork): string[] {
  const password = proxy_url ? decodeURIComponent(new URL(proxy_url).password) : "";
  return [client_key, password].filter((value): value is string => value !== undefined && value !== "");
}

const refused = (field: string, message: string): HostError => new HostError(422, message, { field });

/** @throws HostError 422 */
function certificatesIn(field: string, pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    throw refused(field, 'A certificate is text in PEM form, from "-----BEGIN CERTIFICATE-----" to its end.');
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    throw refused(field, `The certificate cannot be read (${messageOf(error)}). Copy all of it again.`);
  }
}

function checkPair(certificate: string | undefined, key: string | undefined): void {
  if (!certificate || !key)
    throw refused(
      certificate ? "client_key" : "client_certificate",
      "A client certificate and its private key belong together. Enter both, or none.",
    );
  const [own] = certificatesIn("client_certificate", certificate);
  let read: KeyObject;
  try {
    read = createPrivateKey(key);
  } catch {
    throw refused(
      "client_key",
      "The private key cannot be read. It is text in PEM form, without a passphrase: openssl pkey -in key.pem writes one.",
    );
  }
  if (!own?.checkPrivateKey(read))
    throw refused("client_key", "The private key is not the one of the client certificate.");
}

function checkProxy(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" || url.pathname !== "/" || url.search !== "" || url.hash !== "")
    throw refused(
      "proxy_url",
      "A proxy is an address such as http://proxy.example.com:3128, with user:password@ before the host where it asks for them. It must know CONNECT, and is spoken to without TLS; what goes through it keeps its own.",
    );
}

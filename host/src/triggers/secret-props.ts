import { MASKED } from "../execution/redact";
import { isRecord } from "../../../components/prop-rules";
import type { ConfigurableProp } from "../execution/protocol";
import type { Encryption } from "../encryption";

/** Encrypts the values of secret props before they are stored; a masked one keeps what was stored. */
export function encryptSecretProps(
  props: ConfigurableProp[],
  configured: Record<string, unknown>,
  stored: Record<string, unknown>,
  encryption: Encryption,
): Record<string, unknown> {
  const sealed = { ...configured };
  for (const { name, secret } of props) {
    const value = configured[name];
    if (secret !== true || value === undefined || value === null || isEncrypted(value)) continue;
    sealed[name] =
      value === MASKED ? stored[name] : { __encrypted: encryption.encrypt(value, `prop ${name}`) };
  }
  return sealed;
}

/** The values a component gets. */
export function decryptSecretProps(
  configured: Record<string, unknown>,
  encryption: Encryption,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(configured).map(([name, value]) => [
      name,
      isEncrypted(value) ? encryption.decrypt(value.__encrypted, `prop ${name}`) : value,
    ]),
  );
}

/** The values anyone may see. */
export function maskSecretProps(configured: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(configured).map(([name, value]) => [name, isEncrypted(value) ? MASKED : value]),
  );
}

function isEncrypted(value: unknown): value is { __encrypted: string } {
  return isRecord(value) && typeof value.__encrypted === "string";
}

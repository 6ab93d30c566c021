import { HostError } from "../errors";
import { MASKED } from "../execution/redact";
import { isRecord } from "../../../components/prop-rules";
import type { ConfigurableProp } from "../execution/protocol";
import { encryptedFor } from "../encrypted-for";
import type { Encryption } from "../encryption";

/** Encrypts the values of secret props before they are stored; a masked one keeps what was stored. */
export function encryptSecretProps(
  props: ConfigurableProp[],
  configured: Record<string, unknown>,
  stored: Record<string, unknown>,
  trigger: string,
  encryption: Encryption,
): Record<string, unknown> {
  const sealed = { ...configured };
  for (const { name, secret } of props) {
    const value = configured[name];
    if (secret !== true || value === undefined || value === null || isEncrypted(value)) continue;
    sealed[name] =
      value === MASKED
        ? stored[name]
        : { __encrypted: encryption.encrypt(value, encryptedFor.prop(trigger, name)) };
  }
  return sealed;
}

/** The form in which secrets are stored is the host's own. @throws HostError 400 that names the prop which has it. */
export function refuseStoredForm(given: Record<string, unknown>): void {
  const name = Object.keys(given).find((prop) => isRecord(given[prop]) && "__encrypted" in given[prop]);
  if (name !== undefined)
    throw new HostError(
      400,
      `${name}: a value with the name __encrypted is not taken. Give the value itself.`,
      {
        field: name,
      },
    );
}

/** The values a component gets. */
export function decryptSecretProps(
  configured: Record<string, unknown>,
  trigger: string,
  encryption: Encryption,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(configured).map(([name, value]) => [
      name,
      isEncrypted(value) ? encryption.decrypt(value.__encrypted, encryptedFor.prop(trigger, name)) : value,
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

import { isRecord } from "../execution/prop-values";
import type { ConfigurableProp } from "../execution/protocol";
import type { Sealer } from "../encryption";

/** What the API shows in place of a secret value, and takes back as "leave it". */
export const MASKED = "********";

/** Encrypts the values of secret props before they are stored; a masked one keeps what was stored. */
export function sealSecretProps(
  props: ConfigurableProp[],
  configured: Record<string, unknown>,
  stored: Record<string, unknown>,
  sealer: Sealer,
): Record<string, unknown> {
  const sealed = { ...configured };
  for (const { name, secret } of props) {
    const value = configured[name];
    if (secret !== true || value === undefined || value === null || isSealed(value)) continue;
    sealed[name] = value === MASKED ? stored[name] : { __sealed: sealer.seal(value, `prop ${name}`) };
  }
  return sealed;
}

/** The values a component gets. */
export function openSecretProps(
  configured: Record<string, unknown>,
  sealer: Sealer,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(configured).map(([name, value]) => [
      name,
      isSealed(value) ? sealer.open(value.__sealed, `prop ${name}`) : value,
    ]),
  );
}

/** The values anyone may see. */
export function maskSecretProps(configured: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(configured).map(([name, value]) => [name, isSealed(value) ? MASKED : value]),
  );
}

function isSealed(value: unknown): value is { __sealed: string } {
  return isRecord(value) && typeof value.__sealed === "string";
}

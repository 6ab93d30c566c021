import { generate } from "selfsigned";

export interface Authority {
  certificate: string;
  key: string;
}
export interface KeyPair {
  certificate: string;
  key: string;
}

const name = (value: string): { name: string; value: string }[] => [{ name: "commonName", value }];

/** A certificate authority that nobody trusts. */
export async function makeAuthority(commonName: string): Promise<Authority> {
  const made = await generate(name(commonName), {
    keySize: 2048,
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { certificate: made.cert, key: made.private };
}

/** A certificate of the authority, for these host names. */
export async function signedBy(
  authority: Authority,
  commonName: string,
  hosts: string[] = [],
): Promise<KeyPair> {
  const made = await generate(name(commonName), {
    keySize: 2048,
    algorithm: "sha256",
    ca: { key: authority.key, cert: authority.certificate },
    extensions: [
      { name: "basicConstraints", cA: false },
      ...(hosts.length > 0
        ? [{ name: "subjectAltName" as const, altNames: hosts.map((value) => ({ type: 2 as const, value })) }]
        : []),
    ],
  });
  return { certificate: made.cert, key: made.private };
}

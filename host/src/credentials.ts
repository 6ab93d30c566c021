import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { sameText, secretFile, type Encryption } from "./encryption";

const ACCESS_TOKEN_SECONDS = 3600;

/** The keys to the host's API: one bearer token, and a Connect client that gets short-lived ones. */
export interface Credentials {
  /** File of mode 600 that holds `token`, `client_id`, `client_secret` and `project_id`. */
  file: string;
  /** The operator's key: the `token` of the file. */
  isKey(token: string): boolean;
  /** A token that a server got for the client's id and secret. */
  isAccessToken(token: string): boolean;
  /** For the client-credentials grant; undefined when id or secret are wrong. */
  accessTokenFor(
    clientId: string,
    clientSecret: string,
  ): { access_token: string; expires_in: number } | undefined;
}

export function loadCredentials(dataDir: string, encryption: Encryption): Credentials {
  const file = join(dataDir, "credentials.json");
  const random = (): string => randomBytes(24).toString("base64url");
  const content = secretFile(file, () =>
    JSON.stringify(
      { token: `hst_${random()}`, client_id: `oc_${random()}`, client_secret: random(), project_id: "local" },
      null,
      2,
    ),
  );
  let kept: { token?: string; client_id?: string; client_secret?: string };
  try {
    kept = JSON.parse(content) as typeof kept;
  } catch {
    throw new Error(`${file} is not valid JSON. Remove it, and the host makes a new one.`);
  }
  const { token, client_id, client_secret } = kept;
  if (!token || !client_id || !client_secret)
    throw new Error(
      `${file} lacks token, client_id or client_secret. Remove it, and the host makes a new one.`,
    );
  return {
    file,
    isKey: (given) => sameText(given, token),
    isAccessToken(given) {
      const [prefix, end, signature] = given.split(".");
      return (
        prefix === "hat" &&
        Number(end) > Date.now() &&
        encryption.isSignedBy(`access ${end}`, signature ?? "")
      );
    },
    accessTokenFor(id, secret) {
      if (!sameText(id, client_id) || !sameText(secret, client_secret)) return undefined;
      const end = Date.now() + ACCESS_TOKEN_SECONDS * 1000;
      return {
        access_token: `hat.${end}.${encryption.sign(`access ${end}`)}`,
        expires_in: ACCESS_TOKEN_SECONDS,
      };
    },
  };
}

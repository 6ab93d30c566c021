import { usageError } from "../errors";
import { parseInstance } from "../instance";
import { base64 } from "./simple-authenticators";

/** A browser sign-in that was begun; keep `state` and `codeVerifier` until the code comes back. */
export interface AuthorizationRequest {
  /** Where to send the user's browser. */
  url: string;
  /** Must come back unchanged with the code. */
  state: string;
  /** Goes into the exchange of the code. */
  codeVerifier: string;
}

/**
 * Begins a browser sign-in (authorization code with PKCE, S256). Compare the `state` that comes back, then make a client
 * with `{ grant: "authorization_code", code, redirectUri, codeVerifier }`.
 * @see https://www.servicenow.com/docs/csh?topicname=authorization-workflow.html
 */
export async function authorizationRequest(options: {
  instance: string;
  clientId: string;
  redirectUri: string;
  scope?: string;
}): Promise<AuthorizationRequest> {
  const { origin } = parseInstance(options.instance);
  if (!options.clientId || !options.redirectUri)
    throw usageError("A browser sign-in needs a client id and a redirect URI");
  const codeVerifier = randomText(32);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(codeVerifier));
  // ServiceNow wants a state without special characters.
  const state = randomText(16);
  const query = new URLSearchParams({
    response_type: "code",
    client_id: options.clientId,
    redirect_uri: options.redirectUri,
    scope: options.scope ?? "useraccount",
    state,
    code_challenge: urlSafe(new Uint8Array(digest)),
    code_challenge_method: "S256",
  });
  return { url: `${origin}/oauth_auth.do?${query.toString()}`, state, codeVerifier };
}

/** Claims and key of a JWT bearer assertion. */
export interface JwtOptions {
  /** Client id of the application: `iss` and `aud`. */
  clientId: string;
  /** The user: value of the field the instance is set to compare, the e-mail address by default. */
  subject: string;
  /** RSA private key, PKCS #8 PEM. */
  privateKey: string;
  /** Key id, where the instance has several. */
  keyId?: string;
  /** @default 300 */
  lifetimeSeconds?: number;
  /** Milliseconds since 1970; for tests. @default Date.now */
  now?: () => number;
}

/** A function that signs a fresh RS256 assertion each time, for `{ grant: "jwt_bearer", assertion }`. */
export function jwtAssertion(options: JwtOptions): () => Promise<string> {
  const pem = options.privateKey.replace(/-----[^-]+-----|\s/g, "");
  return async () => {
    const bytes = Uint8Array.from(atob(pem), (char) => char.charCodeAt(0));
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("pkcs8", bytes, algorithm, false, ["sign"]);
    const seconds = Math.floor((options.now ?? Date.now)() / 1000);
    const header = { alg: "RS256", typ: "JWT", ...(options.keyId ? { kid: options.keyId } : {}) };
    const claims = {
      iss: options.clientId,
      aud: options.clientId,
      sub: options.subject,
      iat: seconds,
      exp: seconds + (options.lifetimeSeconds ?? 300),
      // Verified by ServiceNow, and good once.
      jti: randomText(16),
    };
    const content = [header, claims]
      .map((part) => urlSafe(new TextEncoder().encode(JSON.stringify(part))))
      .join(".");
    const signature = await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(content));
    return `${content}.${urlSafe(new Uint8Array(signature))}`;
  };
}

function randomText(bytes: number): string {
  return urlSafe(crypto.getRandomValues(new Uint8Array(bytes)));
}

function urlSafe(bytes: Uint8Array): string {
  return base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

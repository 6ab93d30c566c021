import { nameOf } from "./digest";
import { readToken, type Token } from "./token";
import type { TokenStore } from "./store";

/** The functions of `windmill-client` that are used; pass the module itself. */
export interface WindmillClient {
  /** The value; an error when there is none. */
  getVariable(path: string): Promise<string>;
  /** Writes a variable, and makes it when it is not there. */
  setVariable(path: string, value: string, isSecretIfNotExist?: boolean): Promise<void>;
  /** The state kept under the path; nothing or an error when there is none. */
  getState(path?: string): Promise<unknown>;
  /** Keeps any JSON under the path. */
  setState(state: unknown, path?: string): Promise<void>;
}

/** Where in the workspace tokens are kept. */
export interface WindmillStoreOptions {
  /** `variable`: a secret variable, encrypted. `state`: plain JSON for everyone who may read the folder. @default variable */
  in?: "variable" | "state";
  /** Folder or user path the entries are made under. @default f/servicenow */
  folder?: string;
  /** @default false */
  keepRefreshToken?: boolean;
}

/**
 * Tokens in a Windmill workspace, one entry per connection. Windmill has no lock, so two jobs may fetch at the same time;
 * ServiceNow then gives both the same token.
 */
export function windmillStore(windmill: WindmillClient, options: WindmillStoreOptions = {}): TokenStore {
  const { in: place = "variable", folder = "f/servicenow", keepRefreshToken = false } = options;
  const pathOf = async (key: string): Promise<string> =>
    `${folder}/token_${(await nameOf(key)).slice(0, 24)}`;
  return {
    async get(key) {
      const path = await pathOf(key);
      let kept: unknown;
      try {
        kept = place === "state" ? await windmill.getState(path) : await windmill.getVariable(path);
      } catch {
        // Windmill answers a missing entry with an error, not with nothing.
        return null;
      }
      const value = typeof kept === "string" && kept ? (JSON.parse(kept) as unknown) : kept;
      const shape = value as { version?: number; token?: unknown } | null | undefined;
      return shape?.version === 1 ? readToken(shape.token) : null;
    },
    async set(key, token) {
      const kept: Token | null = token ? { ...token } : null;
      if (kept && !keepRefreshToken) delete kept.refreshToken;
      const entry = { version: 1, token: kept };
      const path = await pathOf(key);
      if (place === "state") await windmill.setState(entry, path);
      else await windmill.setVariable(path, JSON.stringify(entry), true);
    },
  };
}

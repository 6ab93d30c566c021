import type { ApiKeyAuth, BasicAuth, TokenAuth } from "../../common";
import type { Auth } from "../../components";

/** How requests of an account are signed: by its token, or by what a host keeps for the ways that have none. */
export function credentialsOf(auth: Auth): TokenAuth | ApiKeyAuth | BasicAuth {
  const text = (name: string): string => (typeof auth[name] === "string" ? auth[name] : "");
  if (!auth.oauth_access_token && text("api_key") !== "") return { type: "apiKey", key: text("api_key") };
  if (!auth.oauth_access_token && text("username") !== "")
    return { type: "basic", username: text("username"), password: text("password") };
  return { type: "token", token: text("oauth_access_token") };
}

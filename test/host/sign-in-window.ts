import { beginSignIn } from "../../scripts/demo/sign-in";
import type { TokenServer } from "./token-server";

/** What the window does in which a person signs in: it begins at the host, and has the host's cookie from then on. */
export interface SignInWindow {
  /** The address at the OAuth server that the host sent it to. */
  asked: URL;
  /** The address at the host that the OAuth server sends it back to. */
  back: string;
  /** Goes back to the host, as often as it is called. */
  goBack(): Promise<Response>;
}

export async function openSignInWindow(
  server: TokenServer,
  startUrl: string,
  decision?: "allow" | "deny",
): Promise<SignInWindow> {
  const { address, cookie } = await beginSignIn(startUrl);
  const back = server.authorize(address, decision);
  return { asked: new URL(address), back, goBack: () => fetch(back, { headers: { cookie } }) };
}

/** The whole way of the window. Gives the host's last answer. */
export async function signIn(
  server: TokenServer,
  startUrl: string,
  decision?: "allow" | "deny",
): Promise<Response> {
  return (await openSignInWindow(server, startUrl, decision)).goBack();
}

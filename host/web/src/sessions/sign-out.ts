import { api } from "../api/http";

/** Ends this browser's session and starts the page again, which then asks for a sign-in. */
export async function signOut(): Promise<void> {
  await api("DELETE", "/api/session");
  window.location.assign("/");
}

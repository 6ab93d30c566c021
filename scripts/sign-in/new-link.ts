/**
 * Asks a running host for a one-time sign-in link to its page.
 *
 * @throws Error in words when no host answers, or the token is not the operator's.
 */
export async function newSignInLink(
  host: string,
  token: string,
  seconds?: number,
): Promise<{ url: string; expires_at: string }> {
  let response: Response;
  try {
    response = await fetch(new URL("/api/sign-in-links", host), {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ expires_in: seconds }),
    });
  } catch {
    throw new Error(`No host answers at ${host}. Start it, or give its address with --host URL.`);
  }
  const answer = (await response.json()) as { url: string; expires_at: string; error?: string };
  if (!response.ok)
    throw new Error(`${host} gives no sign-in link: ${answer.error ?? `status ${response.status}`}`);
  return answer;
}

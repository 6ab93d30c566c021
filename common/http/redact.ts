/** Shorter ones would strike parts of words. */
const SHORTEST = 4;

/** Strikes secrets out of what a server says, in every form they travel in: as they are, percent-encoded, as a form, in JSON. */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      new URLSearchParams([["", secret]]).toString().slice(1),
      JSON.stringify(secret).slice(1, -1),
    ])
    // The longest first, so that no part of one is left over.
    .sort((a, b) => b.length - a.length);
  return [...new Set(forms)].reduce((rest, form) => rest.replaceAll(form, "***"), text);
}

/** What of a request may not be repeated: its sign-in, also as the name and password inside of it, and its query. */
export function secretsOf(headers: Record<string, string>, url: string): string[] {
  const search = new URL(url).search.slice(1);
  const signIn = Object.values(headers).flatMap((header) => {
    const [scheme = "", token = ""] = header.split(" ");
    const pair = scheme === "Basic" ? plain(token) : "";
    return [header, token, pair, pair.slice(pair.indexOf(":") + 1)];
  });
  return [...signIn, search, decoded(search), decoded(search.replaceAll("+", " "))];
}

function plain(base64: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)));
  } catch {
    return "";
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

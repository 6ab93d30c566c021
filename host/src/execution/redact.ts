/** What stands in place of a secret value; the API takes it back as "leave it". */
export const MASKED = "********";
/** Shorter texts occur by chance in ordinary output; masking them would spoil it and hide nothing. */
const SHORTEST = 6;

/** Outside of its header a token is told from an ordinary long word by a digit. */
const BEARER =
  /(authorization\W{1,6}bearer(?= +[\w.~+/=-]{16})|\bbearer(?= +[a-z_.~+/=-]*\d)) +[\w.~+/=-]{16,}/gi;

/**
 * A function that masks the given secrets in a text, plain or JSON, however they are usually written there:
 * as they are, JSON-escaped, URL-encoded, and in base64 (alone, which is how a Basic header would end).
 */
export function redactor(secrets: Iterable<string>): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    for (const form of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64"),
    ])
      forms.add(form);
  }
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const form of ordered) if (clean.includes(form)) clean = clean.replaceAll(form, MASKED);
    // A header that carries a token the run made itself, and is therefore unknown here.
    return clean.includes("earer ") ? clean.replace(BEARER, `$1 ${MASKED}`) : clean;
  };
}

const SECRET_NAME =
  /token|secret|passw|passphrase|api_?key|private|credential|(^|_)(key|pass|pwd|pat|auth)$/i;

/** An address or a connection string with a password in it. */
const CARRIES_SECRET = /\/\/[^/\s]*:[^/\s]+@|(password|pwd|secret|token|key|sig)=[^&;\s]/i;

/** Values of an `$auth` whose field is known or named to be secret. */
export function secretsOf(
  auth: Record<string, unknown>,
  declared: ReadonlySet<string> = new Set(),
): string[] {
  return Object.entries(auth)
    .filter(
      ([name, value]) =>
        typeof value === "string" && (declared.has(name) || isSecretName(name) || CARRIES_SECRET.test(value)),
    )
    .map(([, value]) => value as string);
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

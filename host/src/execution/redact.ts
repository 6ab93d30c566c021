/** What stands in place of a secret value; the API takes it back as "leave it". */
export const MASKED = "********";
/** Shorter texts occur by chance in ordinary output; masking them would spoil it and hide nothing. */
const SHORTEST = 6;

/** Outside of its header a token is told from an ordinary long word by a digit. */
const BEARER =
  /(authorization\W{1,6}bearer(?= +[\w.~+/=-]{16})|\bbearer(?= +[a-z_.~+/=-]*\d)) +[\w.~+/=-]{16,}/gi;

/**
 * A function that masks the given secrets in a text, plain or JSON, however they are usually written there: as they are, JSON-escaped,
 * URL-encoded, and in base64, alone or behind something else as in the Basic header `user:secret`. Takes time in proportion to the text.
 */
export function redactor(secrets: Iterable<string>): (text: string) => string {
  const forms = new Set<string>();
  const insideBase64 = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    for (const form of writtenForms(secret)) forms.add(form);
    for (const form of base64Insides(secret)) insideBase64.add(form);
  }
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const form of ordered) if (clean.includes(form)) clean = clean.replaceAll(form, MASKED);
    for (const form of insideBase64) if (clean.includes(form)) clean = maskWords(clean, form);
    // A header that carries a token the run made itself, and is therefore unknown here.
    return clean.includes("earer ") ? clean.replace(BEARER, `$1 ${MASKED}`) : clean;
  };
}

function writtenForms(secret: string): string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  const encoded = encodeURIComponent(secret);
  return [
    secret,
    escaped,
    JSON.stringify(escaped).slice(1, -1),
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    new URLSearchParams([["", secret]]).toString().slice(1),
  ];
}

/**
 * What base64 makes of the secret when 0, 1 or 2 bytes of a group stand before it, without the characters at both ends that hold bits of
 * its neighbours; in the common alphabet and in that of URLs.
 */
function base64Insides(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const start = [0, 2, 3][before] ?? 0;
    const inside = whole.toString("base64").slice(start, Math.floor((whole.length * 8) / 6));
    if (inside.length < SHORTEST) return [];
    return [inside, inside.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

const BASE64 = /[A-Za-z0-9+/=_-]/;

/** Masks each whole word of base64 in which the text occurs. */
function maskWords(text: string, inside: string): string {
  let clean = "";
  let from = 0;
  for (let at = text.indexOf(inside); at !== -1; at = text.indexOf(inside, from)) {
    let start = at;
    while (start > from && BASE64.test(text.charAt(start - 1))) start -= 1;
    let end = at + inside.length;
    while (end < text.length && BASE64.test(text.charAt(end))) end += 1;
    clean += text.slice(from, start) + MASKED;
    from = end;
  }
  return clean + text.slice(from);
}

const SECRET_NAME =
  /token|secret|passw|passphrase|api_?key|private|credential|(^|_)(key|pass|pwd|pat|auth)$/i;

/** An address or a connection string with a password in it. */
function carriesSecret(value: string): boolean {
  if (/(password|pwd|secret|token|key|sig)=[^&;\s]/i.test(value)) return true;
  // Each authority is looked at once: one expression for it would take the square of its length.
  const end = /[/\s]|$/g;
  for (let at = value.indexOf("//"); at !== -1; at = value.indexOf("//", end.lastIndex)) {
    end.lastIndex = at + 2;
    const found = end.exec(value)?.index ?? value.length;
    const authority = value.slice(at + 2, found);
    const [colon, password] = [authority.indexOf(":"), authority.lastIndexOf("@")];
    if (colon !== -1 && password > colon + 1) return true;
    end.lastIndex = found;
  }
  return false;
}

/** Values of an `$auth` whose field is known or named to be secret. */
export function secretsOf(
  auth: Record<string, unknown>,
  declared: ReadonlySet<string> = new Set(),
): string[] {
  return Object.entries(auth)
    .filter(
      ([name, value]) =>
        typeof value === "string" && (declared.has(name) || isSecretName(name) || carriesSecret(value)),
    )
    .map(([, value]) => value as string);
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

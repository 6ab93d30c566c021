import { HostError } from "../../errors";

const PLACEHOLDER = /\{(\w+)\}/g;

/** The fields that a text names as `{field}`. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map(([, name]) => name ?? "");
}

/**
 * An address with its fields filled in. What a field holds stays in its place: in the host it can be only letters, digits, `-`, `.`
 * and a port, behind it everything is escaped.
 *
 * @throws HostError 422 that names the field whose value cannot stand there.
 */
export function fillAddress(template: string, fields: Record<string, string>): string {
  const [, scheme = "", host = "", rest = ""] = /^(\w+:\/\/)([^/?#]*)(.*)$/s.exec(template) ?? [];
  return (
    scheme +
    fillHost(host, fields) +
    rest.replaceAll(PLACEHOLDER, (_, name: string) => encodeURIComponent(valueOf(name, fields)))
  );
}

/** @throws HostError 422 that names the field whose value is no part of a host's name. */
export function fillHost(template: string, fields: Record<string, string>): string {
  return template.replaceAll(PLACEHOLDER, (_, name: string) => {
    const value = valueOf(name, fields)
      .replace(/^https?:\/\//i, "")
      .replace(/\/+$/, "");
    if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(value))
      throw new HostError(
        422,
        `"${value.slice(0, 100)}" is no part of a host's name. Enter it without path or spaces.`,
        {
          field: name,
        },
      );
    return value;
  });
}

/** A header's value with its fields filled in. `Basic user:password` is encoded as RFC 7617 says. @throws HostError 422 */
export function fillHeader(template: string, fields: Record<string, string>): string {
  const filled = template.replaceAll(PLACEHOLDER, (_, name: string) => valueOf(name, fields));
  const [, pair] = /^Basic ([\s\S]*:[\s\S]*)$/.exec(filled) ?? [];
  const value = pair === undefined ? filled : `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;
  // eslint-disable-next-line no-control-regex -- these are what no header may hold
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value))
    throw new HostError(
      422,
      "A field holds a line break or another sign that no header can carry. Copy it again.",
    );
  return value;
}

function valueOf(name: string, fields: Record<string, string>): string {
  const value = Object.hasOwn(fields, name) ? fields[name]?.trim() : undefined;
  if (!value) throw new HostError(422, `The field "${name}" of the account is missing.`, { field: name });
  return value;
}

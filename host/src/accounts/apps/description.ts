import { z } from "zod";
import { HostError } from "../../errors";
import { isLoopbackName } from "../../loopback";
import { placeholdersOf } from "./placeholders";

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,99}$/, "takes small letters, digits and _, and begins with a letter");
const text = z.string().trim().min(1).max(5000);
const template = z.string().trim().min(1).max(2000);
const pairs = z.record(z.string().min(1).max(200), z.string().max(2000));

const field = z.strictObject({
  name,
  label: text,
  description: z.string().max(5000).default(""),
  placeholder: z.string().max(500).optional(),
  default: z.string().max(2000).optional(),
  optional: z.boolean().optional(),
  secret: z.boolean().optional(),
});

const testRequest = z.strictObject({
  method: z.enum(["GET", "POST"]).default("GET"),
  url: template,
  headers: pairs.default({}),
  body: z.string().max(10_000).optional(),
  /** Path of the answer's part that says who signed in, such as `data.user.name`; several are tried in turn. */
  name: z.union([text, z.array(text).max(10)]).optional(),
  /** Path of the part that is the person's id there: `$auth.oauth_uid` of components. */
  uid: text.optional(),
});

/**
 * How accounts of an app are connected: where one signs in, what one fills in, and which servers get the credentials. Addresses and
 * headers may hold `{field}`, the value of a field of the account.
 */
const shape = z.strictObject({
  slug: z
    .string()
    .max(200)
    .regex(/^[a-z0-9][a-z0-9_-]*$/, "takes small letters, digits, _ and -"),
  name: text,
  description: z.string().max(5000).default(""),
  categories: z.array(text).max(20).default([]),
  auth: z.enum(["oauth", "keys", "none"]),
  grant: z.enum(["authorization_code", "client_credentials"]).default("authorization_code"),
  authorize_url: template.optional(),
  token_url: template.optional(),
  revocation_url: template.optional(),
  scopes: z.array(text).max(200).default([]),
  scope_separator: z.string().min(1).max(3).default(" "),
  client_authentication: z.enum(["body", "basic"]).default("body"),
  pkce: z.boolean().default(true),
  authorize_parameters: pairs.default({}),
  token_parameters: pairs.default({}),
  api_hosts: z.array(template).max(50).default([]),
  /** Headers that carry the credentials of a proxied or test request. */
  request_headers: pairs.optional(),
  fields: z.array(field).max(50).default([]),
  help: z.string().max(20_000).optional(),
  test_request: testRequest.optional(),
});

const CLIENT_FIELDS = [
  {
    name: "client_id",
    label: "Client ID",
    description: "The client id of the OAuth app that you registered there.",
  },
  {
    name: "client_secret",
    label: "Client Secret",
    description: "The client secret of the same app. It is stored encrypted and never shown again.",
    secret: true,
  },
];

const appDescription = shape
  .transform((app) =>
    app.auth !== "oauth"
      ? app
      : {
          ...app,
          fields: [
            ...app.fields,
            ...CLIENT_FIELDS.filter((own) => !app.fields.some((other) => other.name === own.name)),
          ],
        },
  )
  .superRefine((app, context) => {
    const wrong = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: "custom", path, message });
    const isCode = app.auth === "oauth" && app.grant === "authorization_code";
    if (isCode && !app.authorize_url) wrong(["authorize_url"], "is missing; an oauth app needs it");
    if (app.auth === "oauth" && !app.token_url) wrong(["token_url"], "is missing; an oauth app needs it");
    if (app.auth === "keys" && app.fields.length === 0)
      wrong(["fields"], "is empty; name at least one field, such as api_key");
    if (app.auth === "none" && app.fields.length > 0)
      wrong(["fields"], "must be empty: an app of auth none asks for nothing");
    const names = app.fields.map((item) => item.name);
    names.forEach((item, at) => {
      if (names.indexOf(item) !== at) wrong(["fields", at, "name"], `is there twice: "${item}"`);
    });
    const known = new Set([...names, "oauth_access_token"]);
    for (const [path, value] of templatesOf(app)) {
      const unknown = placeholdersOf(value).find((placeholder) => !known.has(placeholder));
      if (unknown) wrong(path, `names {${unknown}}, and the fields are ${[...names].join(", ") || "none"}`);
    }
    for (const key of ["authorize_url", "token_url", "revocation_url"] as const)
      if (app[key] && !isSafeAddress(app[key]))
        wrong([key], "must begin with https:// (http:// only on this machine)");
    if (app.test_request && !isSafeAddress(app.test_request.url))
      wrong(["test_request", "url"], "must begin with https:// (http:// only on this machine)");
    app.api_hosts.forEach((host, at) => {
      if (!isHostPattern(host))
        wrong(["api_hosts", at], `must be a host such as api.example.com or *.example.com, and is "${host}"`);
    });
  });

export type AppDescription = z.output<typeof appDescription>;

/** @throws HostError 400 that names each part of the description that is wrong. */
export function readAppDescription(value: unknown, place: string): AppDescription {
  const read = appDescription.safeParse(value);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => ({ path: path.join("."), reason: message }));
  throw new HostError(
    400,
    `${place} does not describe an app: ${problems.map(({ path, reason }) => `${path || "it"}: ${reason}`).join("; ")}.`,
    { problems },
  );
}

function templatesOf(app: z.output<typeof shape>): [(string | number)[], string][] {
  const headers = Object.entries(app.request_headers ?? {}).map(([key, value]): [string[], string] => [
    ["request_headers", key],
    value,
  ]);
  const single = (["authorize_url", "token_url", "revocation_url"] as const).flatMap((key) =>
    app[key] ? [[[key], app[key]] as [string[], string]] : [],
  );
  const hosts = app.api_hosts.map((host, at): [(string | number)[], string] => [["api_hosts", at], host]);
  const test = app.test_request;
  return [
    ...headers,
    ...single,
    ...hosts,
    ...(test ? [[["test_request", "url"], test.url] as [string[], string]] : []),
    ...Object.entries(test?.headers ?? {}).map(([key, value]): [string[], string] => [
      ["test_request", "headers", key],
      value,
    ]),
  ];
}

/** Whether an address, whatever its placeholders become, is https, or http on this machine. */
function isSafeAddress(template: string): boolean {
  const example = template.replaceAll(/\{\w+\}/g, "example");
  if (!URL.canParse(example)) return false;
  const { protocol, hostname } = new URL(example);
  return protocol === "https:" || (protocol === "http:" && isLoopbackName(hostname));
}

function isHostPattern(template: string): boolean {
  const example = template.replaceAll(/\{\w+\}/g, "example");
  return /^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(example);
}

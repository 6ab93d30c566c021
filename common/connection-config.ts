import type { ClientOptions } from "./client";
import { usageError } from "./errors";
import type { Auth } from "./oauth/index";

/** Environment variables that {@link optionsFromEnv} reads. */
export const ENVIRONMENT = {
  SERVICENOW_INSTANCE: "instance",
  SERVICENOW_GRANT: "grant",
  SERVICENOW_CLIENT_ID: "clientId",
  SERVICENOW_CLIENT_SECRET: "clientSecret",
  SERVICENOW_USERNAME: "username",
  SERVICENOW_PASSWORD: "password",
  SERVICENOW_REFRESH_TOKEN: "refreshToken",
  SERVICENOW_SCOPE: "scope",
  SERVICENOW_TOKEN: "token",
  SERVICENOW_API_KEY: "apiKey",
} as const;

/** A connection as plain text values, as it stands in a file, in the environment or in a form. */
export type ConnectionConfig = Partial<Record<(typeof ENVIRONMENT)[keyof typeof ENVIRONMENT], string>>;

const NAMES: readonly string[] = Object.values(ENVIRONMENT);

/**
 * Options for a client from the environment: `createClient(optionsFromEnv(process.env))`. The names are those of
 * {@link ENVIRONMENT}; which sign-in it is follows from what is given.
 *
 * @throws ServiceNowError `usage` naming the variables that are missing; never their values
 */
export function optionsFromEnv(
  env: Record<string, string | undefined>,
): Pick<ClientOptions, "instance" | "auth"> {
  const config: ConnectionConfig = {};
  for (const [variable, name] of Object.entries(ENVIRONMENT)) {
    const value = env[variable];
    // A password may begin or end with a blank.
    if (value?.trim()) config[name] = name === "password" ? value : value.trim();
  }
  return optionsFromConfig(
    config,
    (name) => Object.entries(ENVIRONMENT).find(([, own]) => own === name)?.[0] ?? name,
  );
}

/** The same from JSON, checked: unknown names and values that are no text are refused. */
export function optionsFromJson(value: unknown): Pick<ClientOptions, "instance" | "auth"> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw usageError("The connection is not a JSON object");
  const unknown = Object.keys(value).filter((name) => !NAMES.includes(name));
  if (unknown.length)
    throw usageError(
      `The connection has unknown names: ${unknown.join(", ")}`,
      `Known are ${NAMES.join(", ")}`,
    );
  const wrong = Object.entries(value).filter(([, entry]) => typeof entry !== "string");
  if (wrong.length)
    throw usageError(`Not a text in the connection: ${wrong.map(([name]) => name).join(", ")}`);
  return optionsFromConfig(value, (name) => name);
}

function optionsFromConfig(
  config: ConnectionConfig,
  called: (name: string) => string,
): Pick<ClientOptions, "instance" | "auth"> {
  const need = (name: keyof ConnectionConfig): string => {
    const value = config[name];
    if (!value) throw usageError(`${called(name)} is missing`, "The connection cannot be made without it");
    return value;
  };
  const instance = need("instance");
  const ways = (["token", "apiKey", "grant"] as const).filter((name) => config[name]);
  if (ways.length > 1)
    throw usageError(
      `The connection has ${ways.map(called).join(" and ")}, which are different ways to sign in`,
      "Leave only the one that is meant",
    );
  return { instance, auth: authOf(config, need) };
}

function authOf(config: ConnectionConfig, need: (name: keyof ConnectionConfig) => string): Auth {
  if (config.token) return { type: "token", token: config.token };
  if (config.apiKey) return { type: "apiKey", key: config.apiKey };
  if (!config.clientId && !config.grant)
    return { type: "basic", username: need("username"), password: need("password") };
  const base = {
    type: "oauth" as const,
    clientId: need("clientId"),
    ...(config.clientSecret ? { clientSecret: config.clientSecret } : {}),
    ...(config.scope ? { scope: config.scope } : {}),
  };
  const grant: string =
    config.grant ??
    (config.refreshToken ? "refresh_token" : config.username ? "password" : "client_credentials");
  switch (grant) {
    case "password":
      return { ...base, grant, username: need("username"), password: need("password") };
    case "refresh_token":
      return { ...base, grant, refreshToken: need("refreshToken") };
    case "client_credentials":
      return { ...base, grant, clientSecret: need("clientSecret") };
    default:
      throw usageError(
        `The grant "${grant}" cannot be configured`,
        "Use password, client_credentials or refresh_token",
      );
  }
}

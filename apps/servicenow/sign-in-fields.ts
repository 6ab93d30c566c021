import { parseInstance } from "../../common";
import { ConnectionFieldError, type ConnectionField } from "../../components";

export const instanceName: ConnectionField = {
  name: "instance_name",
  label: "Instance Name",
  description:
    "The name, host or address of your instance: `dev98042`, `dev98042.service-now.com`, `https://support.example.com` or `acme.servicenowservices.com`.",
  placeholder: "dev98042",
};

export const clientId: ConnectionField = {
  name: "client_id",
  label: "Client ID",
  description:
    "The client id of the OAuth record in your instance (**System OAuth → Application Registry**).",
  placeholder: "32 letters and digits",
};

export const clientSecret: ConnectionField = {
  name: "client_secret",
  label: "Client Secret",
  description: "The client secret of the same record. It is stored encrypted and never shown again.",
  secret: true,
};

export const username: ConnectionField = {
  name: "username",
  label: "User Name",
  description: "The user name (`user_name`) of an account that is kept for this integration.",
};

export const password: ConnectionField = {
  name: "password",
  label: "Password",
  description: "It is stored encrypted and never shown again.",
  secret: true,
};

/** A field without the spaces around it. @throws ConnectionFieldError when it is empty */
export function required(fields: Record<string, string>, { name, label }: ConnectionField): string {
  const value = fields[name]?.trim();
  if (!value) throw new ConnectionFieldError(`${label} is missing.`, name);
  return value;
}

/** A field as copied: whitespace inside means that something else was copied too. @throws ConnectionFieldError */
export function credential(fields: Record<string, string>, field: ConnectionField): string {
  const value = required(fields, field);
  if (/\s/.test(value))
    throw new ConnectionFieldError(
      `${field.label} contains a space or a line break. Copy it from the record again.`,
      field.name,
    );
  return value;
}

/** The instance's address as the user may write it. @throws ConnectionFieldError */
export function instanceOrigin(fields: Record<string, string>): string {
  const input = required(fields, instanceName);
  try {
    return parseInstance(input).origin;
  } catch (error) {
    throw new ConnectionFieldError(error instanceof Error ? error.message : String(error), instanceName.name);
  }
}

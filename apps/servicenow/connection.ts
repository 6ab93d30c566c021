import { createTokenClient, fetchTransport, parseInstance } from "../../common";
import { ConnectionFieldError, type Auth, type ConnectionDeclaration } from "../../components";
import { currentUser } from "./current-user";
import { explainOAuthFailure } from "./oauth-failures";
import { checkIsServiceNow } from "./reachable";
import { textOf } from "../../common/table/cells";

const help = `
You need an **OAuth client** in your instance, made once by an administrator:

1. In ServiceNow open **System OAuth → Application Registry**, choose **New**, then **Create an OAuth API endpoint for external clients**
   (newer releases: **Machine Identity Console → Inbound integrations → OAuth – Authorization code grant**).
2. Give it a name and put the **redirect URL shown below** into **Redirect URL**, character by character. Save, open the record again, and copy
   **Client ID** and **Client Secret**.
3. Choose **New** again, then **Connect to a third party OAuth Provider**: the same client id and secret, default grant type
   **Authorization Code**, token URL \`oauth_token.do\`, the same redirect URL. The two records together let the instance renew access for
   the signed-in user.

Sign in with an account kept for this integration. It needs interactive sign-in (not *Web service access only*), the roles for the tables you
use (\`itil\` for most), read access to \`oauth_credential\`, and \`snc_internal\` where the explicit-roles plugin is active.
`.trim();

function required(fields: Record<string, string>, name: string, label: string): string {
  const value = fields[name]?.trim();
  if (!value) throw new ConnectionFieldError(`${label} is missing.`, name);
  return value;
}

/** The client id and secret as copied: whitespace inside means that something else was copied too. */
function credential(fields: Record<string, string>, name: string, label: string): string {
  const value = required(fields, name, label);
  if (/\s/.test(value))
    throw new ConnectionFieldError(
      `${label} contains a space or a line break. Copy it from the record again.`,
      name,
    );
  return value;
}

/** The address as the user may write it, checked. */
function instanceOrigin(fields: Record<string, string>): string {
  const input = required(fields, "instance_name", "Instance name");
  try {
    return parseInstance(input).origin;
  } catch (error) {
    throw new ConnectionFieldError(error instanceof Error ? error.message : String(error), "instance_name");
  }
}

/**
 * ServiceNow accounts by the OAuth authorization-code flow on the user's own instance: `/oauth_auth.do`, `/oauth_token.do`,
 * `/oauth_revoke_token.do`. ServiceNow documents the client's id and secret in the form body.
 */
export const connection: ConnectionDeclaration = {
  type: "oauth",
  grant: "authorization_code",
  scopes: ["useraccount"],
  pkce: "S256",
  clientAuthentication: "body",
  fields: [
    {
      name: "instance_name",
      label: "Instance Name",
      description:
        "The name, host or address of your instance: `dev98042`, `dev98042.service-now.com`, `https://support.example.com` or `acme.servicenowservices.com`.",
      placeholder: "dev98042",
    },
    {
      name: "client_id",
      label: "Client ID",
      description:
        "The client id of the OAuth record in your instance (**System OAuth → Application Registry**).",
      placeholder: "32 letters and digits",
    },
    {
      name: "client_secret",
      label: "Client Secret",
      description: "The client secret of the same record. It is stored encrypted and never shown again.",
      secret: true,
    },
  ],
  help,

  async prepare(fields) {
    const origin = instanceOrigin(fields);
    const clientId = credential(fields, "client_id", "Client ID");
    const clientSecret = credential(fields, "client_secret", "Client Secret");
    await checkIsServiceNow(origin);
    return {
      authorizationUrl: `${origin}/oauth_auth.do`,
      tokenUrl: `${origin}/oauth_token.do`,
      revocationUrl: `${origin}/oauth_revoke_token.do`,
      fields: {
        instance_name: fields.instance_name!.trim(),
        client_id: clientId,
        client_secret: clientSecret,
      },
    };
  },

  async verify(auth: Auth) {
    const client = createTokenClient({
      transport: fetchTransport(),
      instance: textOf(auth.instance_name),
      auth: { type: "token", token: String(auth.oauth_access_token ?? "") },
    });
    const user = await currentUser(client);
    const instance = new URL(parseInstance(textOf(auth.instance_name)).origin).host;
    if (!user)
      return {
        name: instance,
        details: { Instance: instance, User: "signed in, but the account may not read its own user record" },
      };
    return {
      name: `${user.name} on ${instance}`,
      details: {
        Instance: instance,
        User: `${user.name} (${user.userName})`,
        ...(user.timeZone ? { "Time zone": user.timeZone } : {}),
      },
    };
  },

  explain: explainOAuthFailure,
};

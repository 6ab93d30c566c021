import { createTokenClient, fetchTransport, parseInstance } from "../../common";
import type { Auth, ConnectionDeclaration } from "../../components";
import { credentialsOf } from "./credentials";
import { currentUser } from "./current-user";
import { explainOAuthFailure } from "./oauth-failures";
import { checkIsServiceNow } from "./reachable";
import { textOf } from "../../common/table/cells";
import { clientId, clientSecret, credential, instanceName, instanceOrigin } from "./sign-in-fields";
import { kinds, signIn } from "./sign-in-kinds";

const help = `
You need an **OAuth client** in your instance, made once by an administrator:

1. In ServiceNow open **System OAuth → Application Registry**, choose **New**, then **Create an OAuth API endpoint for external clients**:
   the *client application* (newer releases: **Machine Identity Console → Inbound integrations → OAuth – Authorization code grant**).
2. Give it a name and put the **redirect URL shown below** into **Redirect URL**, character by character. Save, open the record again, and copy
   **Client ID** and **Client Secret**.
3. That one record is all that is needed here. Only Pipedream's own ServiceNow app asks for a second one, an *OAuth provider application registry
   record* (**New → Connect to a third party OAuth Provider**), with which the instance renews access by itself.

Sign in with an account kept for this integration. It needs interactive sign-in (not *Web service access only*) and the roles for the tables you
use (\`itil\` for most). **If the sign-in window shows a 504 or an error**, the instance is hardened: the account's role needs read access to
\`oauth_credential\` and \`oauth_credential.*\`, and \`snc_internal\` where the explicit-roles plugin is active.
`.trim();

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
  fields: [instanceName, clientId, clientSecret],
  help,
  label: "Sign in in the browser",
  description:
    "You sign in at your instance; no password is entered here, and single sign-on works. The usual way.",
  kinds,
  signIn,

  async prepare(fields) {
    const origin = instanceOrigin(fields);
    const client = { id: credential(fields, clientId), secret: credential(fields, clientSecret) };
    await checkIsServiceNow(origin);
    return {
      authorizationUrl: `${origin}/oauth_auth.do`,
      tokenUrl: `${origin}/oauth_token.do`,
      revocationUrl: `${origin}/oauth_revoke_token.do`,
      fields: {
        instance_name: fields.instance_name!.trim(),
        client_id: client.id,
        client_secret: client.secret,
      },
    };
  },

  async verify(auth: Auth) {
    const client = createTokenClient({
      transport: fetchTransport(),
      instance: textOf(auth.instance_name),
      auth: credentialsOf(auth),
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

import { fetchToken, fetchTransport, isServiceNowError, jwtAssertion, type OAuth } from "../../common";
import {
  ConnectionFieldError,
  type ConnectionField,
  type SignInAnswer,
  type SignInKindDeclaration,
} from "../../components";
import { checkIsServiceNow } from "./reachable";
import {
  clientId,
  clientSecret,
  credential,
  instanceName,
  instanceOrigin,
  password,
  required,
  username,
} from "./sign-in-fields";

const apiKey: ConnectionField = {
  name: "api_key",
  label: "API Key",
  description:
    "The token of a **REST API Key** record (**System Web Services → API Access Policies → REST API Key**), bound to a user.",
  secret: true,
};

const subject: ConnectionField = {
  name: "subject",
  label: "User",
  description:
    "The value that the instance compares with its users, the e-mail address by default (*User field* of the OAuth record).",
  placeholder: "integration@example.com",
};

const privateKey: ConnectionField = {
  name: "private_key",
  label: "Private Key",
  description:
    "The RSA key as PKCS #8 PEM, from `-----BEGIN PRIVATE KEY-----` on. The instance knows its certificate. It is stored encrypted and never shown again.",
  secret: true,
};

const keyId: ConnectionField = {
  name: "key_id",
  label: "Key ID",
  description: "The *Key Id* of the **JWT Verifier Map**, where there are several.",
  optional: true,
};

/** Ways to an account that need no browser, and what speaks for and against each. */
export const kinds: SignInKindDeclaration[] = [
  {
    kind: "client_credentials",
    label: "Client credentials",
    by: "token",
    description:
      "The application signs in as itself, as the user named in its record. For integrations without a person; an administrator sets `glide.oauth.inbound.client.credential.grant_type.enabled` first.",
    fields: [instanceName, clientId, clientSecret],
    help: "In **System OAuth → Application Registry** open the record of your client and fill in **OAuth Application User**. That user's roles and ACLs hold for everything done here.",
  },
  {
    kind: "jwt_bearer",
    label: "JWT bearer (key pair)",
    by: "token",
    description:
      "The host signs that it speaks for a user, and the instance checks it with your certificate. No password and no sign-in that ends.",
    fields: [instanceName, clientId, clientSecret, subject, privateKey, keyId],
    help: "In **System OAuth → Application Registry** choose **Create an OAuth JWT API endpoint for external clients**, upload the certificate (**System Definition → Certificates**) and name it in a **JWT Verifier Map**. The clocks of host and instance must agree.",
  },
  {
    kind: "api_key",
    label: "API key",
    by: "keys",
    description:
      "A key that stands for one user, until it is revoked or ends. Whoever has it needs nothing else, so bind it to a user with few roles and give it an end.",
    fields: [instanceName, apiKey],
    help: "The instance needs the plugin *API Key and HMAC Authentication*, an **Inbound Authentication Profile** with the type API Key, and an **API Access Policy** that names it for the REST APIs used.",
  },
  {
    kind: "password",
    label: "OAuth with user name and password",
    by: "token",
    description:
      "For old integrations only: the host knows the user's password, single sign-on and second factors do not take part, and the account locks after wrong tries.",
    fields: [instanceName, clientId, clientSecret, username, password],
  },
  {
    kind: "basic",
    label: "User name and password on each request",
    by: "keys",
    description:
      "For trying things out: the password goes along with each request, ends only when it is changed, and cannot be taken back for this host alone. ServiceNow advises OAuth instead.",
    fields: [instanceName, username, password],
  },
];

/** Checks what was entered for one of {@link kinds}, and gets a token where the way has one. @throws Error in words; `field` names the field at fault */
export async function signIn({
  kind,
  fields,
}: {
  kind: string;
  fields: Record<string, string>;
}): Promise<SignInAnswer> {
  const origin = instanceOrigin(fields);
  const instance = required(fields, instanceName);
  const kept = { ...fields, instance_name: instance };
  switch (kind) {
    case "api_key":
      await checkIsServiceNow(origin);
      return { fields: { ...kept, api_key: credential(fields, apiKey) } };
    case "basic": {
      const user = required(fields, username);
      if (user.includes(":"))
        throw new ConnectionFieldError("A user name with a colon cannot be sent in this way.", "username");
      await checkIsServiceNow(origin);
      return { fields: kept };
    }
    default:
      return { fields: kept, ...(await tokenOf(origin, grantOf(kind, fields))) };
  }
}

function grantOf(kind: string, fields: Record<string, string>): OAuth {
  const client = {
    type: "oauth" as const,
    clientId: credential(fields, clientId),
    clientSecret: credential(fields, clientSecret),
  };
  switch (kind) {
    case "client_credentials":
      return { ...client, grant: "client_credentials" };
    case "password":
      return {
        ...client,
        grant: "password",
        username: required(fields, username),
        password: required(fields, password),
      };
    case "jwt_bearer":
      return { ...client, grant: "jwt_bearer", assertion: assertionOf(client.clientId, fields) };
    default:
      throw new Error(`There is no sign-in of the kind "${kind}".`);
  }
}

function assertionOf(client: string, fields: Record<string, string>): () => Promise<string> {
  const key = required(fields, privateKey);
  if (/ENCRYPTED|RSA PRIVATE KEY|EC PRIVATE KEY/.test(key))
    throw new ConnectionFieldError(
      "This key is encrypted, or is no PKCS #8. Turn it into one that is: openssl pkcs8 -topk8 -nocrypt -in key.pem",
      privateKey.name,
    );
  const sign = jwtAssertion({
    clientId: client,
    subject: required(fields, subject),
    privateKey: key,
    ...(fields.key_id?.trim() ? { keyId: fields.key_id.trim() } : {}),
  });
  return () =>
    sign().catch(() => {
      throw new ConnectionFieldError(
        "This is no RSA private key in PKCS #8 PEM. Copy the whole file, its first and last line too.",
        privateKey.name,
      );
    });
}

async function tokenOf(instance: string, auth: OAuth): Promise<{ accessToken: string; expiresIn?: number }> {
  await checkIsServiceNow(instance);
  const began = Date.now();
  try {
    const token = await fetchToken({ instance, auth, transport: fetchTransport() });
    return { accessToken: token.accessToken, expiresIn: Math.max(1, (token.expiresAt - began) / 1000) };
  } catch (error) {
    if (!isServiceNowError(error)) throw error;
    // The host tells a refusal from a server that is away by the status.
    throw Object.assign(new Error(error.message), error.status === undefined ? {} : { status: error.status });
  }
}

/** One question that the connect-account dialog asks. */
export interface ConnectionField {
  name: string;
  label: string;
  description: string;
  placeholder?: string;
  default?: string;
  optional?: boolean;
  /** Masked in the dialog, encrypted at rest, never handed to a component. */
  secret?: boolean;
}

/** Where to send the user and the code, after the fields were checked. */
export interface PreparedConnection {
  authorizationUrl: string;
  tokenUrl: string;
  revocationUrl?: string;
  /** The fields as they are to be stored: trimmed and normalised. */
  fields: Record<string, string>;
}

/** What is known about a sign-in that failed; everything the server said, nothing that is secret. */
export interface ConnectionFailure {
  step: "authorize" | "token" | "refresh";
  status?: number;
  error?: string;
  errorDescription?: string;
  contentType?: string;
  /** The first characters of the body, where it is not the JSON of OAuth. */
  bodyStart?: string;
  fields: Record<string, string>;
}

/** An error about one field of the dialog: `message` is for the user, `field` names the field at fault. */
export class ConnectionFieldError extends Error {
  override readonly name = "ConnectionFieldError";
  constructor(
    message: string,
    readonly field: string,
  ) {
    super(message);
  }
}

/** A way to an account that needs no browser. */
export interface SignInKindDeclaration {
  /** As the host's API calls it, such as `client_credentials` or `api_key`. */
  kind: string;
  label: string;
  /** When one takes this way, and what speaks against it. Markdown. */
  description: string;
  /** A program gets a token that ends, or the fields themselves are the credentials and handed to components. */
  by: "token" | "keys";
  fields: ConnectionField[];
  help?: string;
}

/** What a sign-in without a browser gives: the fields as they are to be stored, and the token if there is one. */
export interface SignInAnswer {
  fields: Record<string, string>;
  accessToken?: string;
  /** Seconds. */
  expiresIn?: number;
}

/**
 * How an account of an app is connected by the OAuth authorization-code flow (RFC 6749, section 4.1, with PKCE, RFC 7636).
 * A hosted platform keeps its own declaration and ignores this one; a host that runs components itself reads it.
 */
export interface ConnectionDeclaration {
  type: "oauth";
  grant: "authorization_code";
  scopes: string[];
  pkce: "S256";
  /** Client id and secret in the form body or in the Authorization header of the token request. */
  clientAuthentication: "body" | "basic";
  fields: ConnectionField[];
  /** Markdown shown in the dialog. */
  help?: string;
  /** What the dialog calls this way beside the others, and says of it. */
  label?: string;
  description?: string;
  /** Further ways, without a browser. */
  kinds?: SignInKindDeclaration[];
  /** Signs in by one of them; asked again when its token ends. Throws an Error whose message is for the user, with the `status` of a refusal. */
  signIn?(request: { kind: string; fields: Record<string, string> }): Promise<SignInAnswer>;
  /** Checks and normalises the fields and checks the server. Throws an Error whose message is for the user; `field` names the field at fault. */
  prepare(fields: Record<string, string>): Promise<PreparedConnection>;
  /** Tells who signed in; run after the token came and by "Check connection". Throws readable errors. */
  verify(auth: Record<string, unknown>): Promise<{ name: string; details: Record<string, string> }>;
  /** Turns an OAuth failure into words for the user. */
  explain(failure: ConnectionFailure): string;
}

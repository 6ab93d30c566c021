import type { ConnectionFailure } from "../../components";

const list = (causes: string[]) => causes.map((cause) => `• ${cause}`).join("\n");

/** What stands behind a sign-in that ServiceNow ends without a reason. */
const ACCOUNT_CAUSES = [
  'The account is marked "Web service access only": it needs interactive sign-in.',
  "The account is inactive or locked out.",
  "The account may not read oauth_credential: its role needs read ACLs for the table and for oauth_credential.* (a dedicated role for the integration is usual).",
  "The explicit-roles plugin is active and the account lacks the role snc_internal.",
];

const TOKEN_CAUSES = [
  "The client secret is wrong, or has a character too few or too many.",
  "The redirect URL is not the same, character by character, in the records of the instance and here.",
  "More than a minute passed between sign-in and the answer: then simply connect again.",
  ...ACCOUNT_CAUSES,
];

/** Most of what a hardened instance ends without a reason comes from the account that signs in. */
const hardenedAdvice = (what: string): string =>
  `${what} On a hardened instance the usual reasons are:\n${list(ACCOUNT_CAUSES)}`;

function explainAuthorize({ error, errorDescription }: ConnectionFailure, instance: string): string {
  // Hardened instances answer a click on Allow with either of these, too.
  if (error === "access_denied")
    return hardenedAdvice(
      `${instance} says that access was denied. If somebody chose Deny on the consent page, connect again and choose Allow.`,
    );
  if (error === "server_error" || error === "temporarily_unavailable")
    return hardenedAdvice(
      `${instance} ended the sign-in (${error}${errorDescription ? `: ${errorDescription}` : ""}).`,
    );
  if (error === "invalid_client" || error === "unauthorized_client")
    return `${instance} does not know the client id. Copy Client ID from the OAuth record of this very instance; the record must be active.`;
  return `${instance} ended the sign-in${error ? ` (${error}${errorDescription ? `: ${errorDescription}` : ""})` : ""}. Check client id and redirect URL of the OAuth record, then connect again.`;
}

/** Turns what the instance answered to a sign-in, a code or a renewal into words: what happened, why probably, what to do. */
export function explainOAuthFailure(failure: ConnectionFailure): string {
  const instance = failure.fields.instance_name ?? "The instance";
  const { step, status, error, errorDescription, contentType, bodyStart } = failure;
  if (step === "authorize") return explainAuthorize(failure, instance);
  if (/hibernat/i.test(bodyStart ?? ""))
    return `${instance} is hibernating. Wake it on developer.servicenow.com, wait a few minutes and try again.`;
  if (status === 504 || status === 408)
    return hardenedAdvice(`${instance} did not finish the sign-in (status ${status}).`);
  if (status === undefined)
    return `${instance} could not be reached. Check the network and whether the instance is running, then try again.`;
  if (status === 429) return `${instance} limits the number of requests. Wait a few minutes and try again.`;
  if (status >= 500 && error === undefined)
    return `${instance} answered ${status} to the token request. Wait a few minutes and try again.`;
  if (/html/i.test(contentType ?? ""))
    return `${instance} answered with a web page instead of a token (status ${status}). Use the address of the instance itself, not of a portal or a sign-in page.`;
  if (step === "refresh")
    return `${instance} no longer renews access for this account (${error ?? `status ${status}`}): its refresh token ended (100 days by default) or was revoked, or client secret or account changed. Connect the account again.`;
  return `${instance} refused to give a token (status ${status}${error ? `, ${error}` : ""}${errorDescription ? `: ${errorDescription}` : ""}). It does not say why; the usual reasons are:\n${list(TOKEN_CAUSES)}`;
}

import { ServiceNowError, type ErrorFacts } from "../errors";

/** Recognises a page that came instead of data. */
export function htmlPageKind(text: string): "hibernating" | "login-page" | "not-servicenow" {
  const start = text.slice(0, 20_000);
  if (/hibernat|instance is currently offline/i.test(start)) return "hibernating";
  if (
    /login\.do|logout_success|name="user_password"|sysparm_login|saml|single sign-on|id="user_name"/i.test(
      start,
    )
  ) {
    return "login-page";
  }
  return "not-servicenow";
}

/** The error for a page where data was expected; `where` is said in front. */
export function htmlPageError(
  text: string,
  facts: Omit<ErrorFacts, "kind" | "what"> & { what: string },
): ServiceNowError {
  const kind = htmlPageKind(text);
  const messages: Record<typeof kind, { what: string; reason: string; remedy: string; retryable: boolean }> =
    {
      hibernating: {
        what: "the instance is hibernating or still waking up",
        reason:
          "Developer instances go to sleep when nobody uses them, and then answer every call with a page",
        remedy:
          "Sign in at https://developer.servicenow.com, wake the instance, and try again in a few minutes",
        retryable: true,
      },
      "login-page": {
        what: "the answer is a login page instead of data",
        reason:
          "The sign-in is not accepted for REST calls, or a single sign-on gateway stands in front of the instance",
        remedy: "Check the account and its authentication method, and that REST calls may pass the gateway",
        retryable: false,
      },
      "not-servicenow": {
        what: "the answer is a web page instead of data",
        reason:
          "The address may belong to another site, or a proxy or maintenance page answers for the instance",
        remedy: "Open the instance address in a browser and check that it is a ServiceNow instance",
        retryable: false,
      },
    };
  const { what, ...rest } = messages[kind];
  return new ServiceNowError({ ...facts, ...rest, kind, what: `${facts.what}: ${what}` });
}

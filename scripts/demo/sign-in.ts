import { parse, type HTMLElement } from "node-html-parser";

/** What a person does in the popup: signs in on the instance's page and answers its question. */
export interface SignIn {
  userName: string;
  password: string;
  decision: "allow" | "deny";
}

/**
 * Opens the host's own address at which a sign-in begins, as the popup does.
 *
 * @returns where it leads, and the cookie by which the host knows at the callback who began.
 */
export async function beginSignIn(startUrl: string): Promise<{ address: string; cookie: string }> {
  const response = await fetch(startUrl, { redirect: "manual" });
  const address = response.headers.get("location");
  if (response.status !== 303 || !address)
    throw new Error(
      `The sign-in does not begin at ${startUrl}: HTTP ${response.status} ${await response.text()}`,
    );
  const cookie = response.headers.getSetCookie().map((line) => line.split(";")[0]);
  return { address, cookie: cookie.join("; ") };
}

/**
 * Walks from the authorization address through the instance's own pages to the redirect back, as a browser would (cookies, forms).
 *
 * @returns the address the instance redirects to once it leaves its own host: the redirect URL with `code` and `state`, or with `error`.
 * @throws Error with the text of the page when it leads nowhere (wrong password, refused client, no form).
 */
export async function signInThroughPages(authorizationUrl: string, signIn: SignIn): Promise<string> {
  const home = new URL(authorizationUrl).origin;
  const cookies = new Map<string, string>();
  let request: { url: string; method: "GET" | "POST"; body?: URLSearchParams } = {
    url: authorizationUrl,
    method: "GET",
  };
  let passwordSent = false;

  for (let step = 0; step < 12; step += 1) {
    const response = await fetch(request.url, {
      method: request.method,
      body: request.body,
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
    }
    const location = response.headers.get("location");
    if (response.status >= 300 && response.status < 400 && location) {
      await response.body?.cancel();
      const next = new URL(location, request.url);
      if (next.origin !== home) return next.href;
      request = { url: next.href, method: "GET" };
      continue;
    }

    const page = parse(await response.text());
    for (const unseen of page.querySelectorAll("style, script, title")) unseen.remove();
    const form = page.querySelectorAll("form").find((candidate) => isAbout(candidate, signIn));
    const isPasswordForm = form?.querySelector("input[type=password]") !== null;
    if (!form || (isPasswordForm && passwordSent)) {
      throw new Error(
        `The instance's page says (HTTP ${response.status}): ${page.text.replace(/\s+/g, " ").trim().slice(0, 400)}`,
      );
    }
    const fields = new URLSearchParams();
    for (const input of form.querySelectorAll("input")) {
      const name = input.getAttribute("name");
      const type = input.getAttribute("type") ?? "text";
      if (!name || type === "submit" || type === "checkbox") continue;
      fields.set(
        name,
        type === "password"
          ? signIn.password
          : type === "hidden"
            ? (input.getAttribute("value") ?? "")
            : signIn.userName,
      );
    }
    if (isPasswordForm) passwordSent = true;
    const button = buttonFor(form, signIn);
    const buttonName = button?.getAttribute("name");
    if (buttonName) fields.set(buttonName, button?.getAttribute("value") ?? "");
    request = {
      url: new URL(form.getAttribute("action") ?? request.url, request.url).href,
      method: "POST",
      body: fields,
    };
  }
  throw new Error("The sign-in did not end after twelve pages.");
}

/** A page may hold a form for "Not you?" beside the one that matters. */
function isAbout(form: HTMLElement, signIn: SignIn): boolean {
  return form.querySelector("input[type=password]") !== null || buttonFor(form, signIn) !== undefined;
}

function buttonFor(form: HTMLElement, signIn: SignIn): HTMLElement | undefined {
  return form
    .querySelectorAll("button, input[type=submit]")
    .find((button) =>
      `${button.text} ${button.getAttribute("value") ?? ""}`.toLowerCase().includes(signIn.decision),
    );
}

import type { User } from "../users/users";
import type { OAuthClient } from "./clients";
import { html, page } from "../http/html";

export function loginPage(returnTo: string, problem?: string): string {
  return page(
    "Log in",
    html`<form class="card" method="post" action="/login.do">
      <h1>Log in</h1>
      ${problem && html`<p class="error" role="alert">${problem}</p>`}<input
        type="hidden"
        name="return_to"
        value="${returnTo}"
      />
      <label for="user_name">User name</label
      ><input id="user_name" name="user_name" autocomplete="username" autofocus required />
      <label for="user_password">Password</label
      ><input
        id="user_password"
        name="user_password"
        type="password"
        autocomplete="current-password"
        required
      />
      <button type="submit" name="login" value="login">Log in</button>
    </form>`,
    { narrow: true },
  );
}

export function consentPage(client: OAuthClient, user: User, query: string, userToken: string): string {
  return page(
    "Allow access",
    html`<form class="card" method="post" action="/oauth_auth.do?${query}">
      <h1>${client.name}</h1>
      <p>
        <strong>${client.name}</strong> would like to connect to this instance as
        <strong>${user.name}</strong>. It will be able to do everything that you may do.
      </p>
      <p><a href="/sys_user.do?sys_id=${user.sysId}">Review the permissions of this account</a></p>
      <input type="hidden" name="user_token" value="${userToken}" />
      <button type="submit" name="decision" value="allow">Allow</button>
      <button class="plain" type="submit" name="decision" value="deny">Deny</button>
      <p><a href="/logout.do?return_to=${encodeURIComponent(`/oauth_auth.do?${query}`)}">Not you?</a></p>
    </form>`,
    { narrow: true },
  );
}

export function messagePage(title: string, text: string): string {
  return page(
    title,
    html`<div class="card">
      <h1>${title}</h1>
      <p>${text}</p>
    </div>`,
    { narrow: true },
  );
}

/** What a developer instance that sleeps answers on every path, with status 200. */
export const hibernationPage = `<!DOCTYPE html><html><head><title>Instance Hibernating page</title></head><body class="instance-hibernating-page"><div><h1>Your instance is hibernating</h1><p>Sign in to the developer site to wake your instance.</p></div></body></html>`;
export const wakingPage = `<!DOCTYPE html><html><head><title>Instance Offline</title></head><body><h1>Your instance is currently offline</h1></body></html>`;
export const maintenancePage = `<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>This instance is undergoing maintenance</h1><p>Please try again later.</p></body></html>`;

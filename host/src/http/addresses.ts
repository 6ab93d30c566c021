import { z } from "zod";

/** An address a browser or this host may be sent to. */
export const webAddress = z.url({
  protocol: /^https?$/,
  error: "must be an address that begins with https:// or http://",
});

/** The origin of a site, as browsers compare it; a slash at its end does no harm. */
export const siteOrigin = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && (text === url.origin || url.href === `${url.origin}/`))
    return url.origin;
  context.addIssue(`"${text}" is not the origin of a site; write it like https://app.example.com`);
  return z.NEVER;
});

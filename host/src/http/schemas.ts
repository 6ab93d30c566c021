import { z } from "zod";

/** The parts from which the routes' schemas are made. Everything has a most. */

/** The id or key of something of the host. */
export const id = z.string().min(1).max(300);

/** A user of the server that uses the Connect API, as that server names them. */
export const externalUserId = z.string().min(1).max(250);

/** What a person calls something. */
export const title = z.string().trim().min(1).max(500);

/** Words that are looked for. */
export const searchWords = z.string().max(500);

/** Props as a form sends them. How many and how large their values may be, the body's limits say. */
export const configuredProps = z
  .record(z.string().max(200), z.unknown())
  .refine((props) => Object.keys(props).length <= 1000, "has more than 1,000 props");

/** How the requests of an account travel. */
export const networkBody = z
  .strictObject({
    ca_certificate: z.string().max(200_000).optional(),
    client_certificate: z.string().max(50_000).optional(),
    client_key: z.string().max(50_000).optional(),
    proxy_url: z.string().max(1000).optional(),
  })
  .nullish();

export const withId = z.object({ id });

/** Names the user an action of a server is for; an empty one names none. */
export const userQuery = z.object({ external_user_id: z.string().max(250).optional() });

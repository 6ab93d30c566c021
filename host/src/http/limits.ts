import { JsonError, parseJson } from "../bounded-json";
import { HostError } from "../errors";
import type { HostApp } from "./zod-routes";

export const BODY_BYTES = 2 * 1024 * 1024;

/** How long a sender may take. A run may answer late; what it is asked for must have arrived by then. */
export const TIME_LIMITS = {
  headersMs: 15_000,
  requestMs: 60_000,
  /** How often connections are looked at. */
  checkMs: 2_000,
};

/** Bodies are JSON of limited depth and size; an empty one is none. */
export function readBodies(app: HostApp): void {
  app.removeContentTypeParser(["application/json", "text/plain"]);
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    if (body === "") return done(null, undefined);
    try {
      done(null, parseJson(String(body)));
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      done(new HostError(400, `The body cannot be read. ${error.message}`));
    }
  });
}

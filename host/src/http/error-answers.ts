import { ZodError } from "zod";
import { JsonError } from "../bounded-json";
import { isDatabaseAway, isDiskFull } from "../db/unavailable";
import { HostError } from "../errors";
import type { HostApp } from "./zod-routes";

/**
 * SQLSTATE classes and codes with which PostgreSQL refuses a value that somebody sent: data exceptions (a NUL in a text, a number out of
 * range) and sizes that no index takes.
 */
const REFUSED_VALUE = /^(22...|54000|54001)$/;

const UNIQUE_VIOLATION = "23505";

/** Errors as `{ error, … }` in words; what nobody foresaw is logged and answered without its details. */
export function answerErrors(app: HostApp, log: (message: string) => void): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    if (error instanceof HostError)
      return reply.code(error.status).send({ error: error.message, ...error.details });
    if (error instanceof JsonError) return reply.code(400).send({ error: error.message });
    if (error instanceof ZodError)
      return reply.code(400).send({
        error: error.issues
          .slice(0, 20)
          .map((issue) => `${issue.path.join(".").slice(0, 200) || "The input"}: ${issue.message}`)
          .join("; "),
      });
    if (isDatabaseAway(error)) {
      log(`${request.method} ${request.routeOptions.url ?? ""}: the database does not answer`);
      return reply
        .code(503)
        .header("retry-after", "5")
        .send({ error: "The database does not answer just now. Try again soon." });
    }
    if (isDiskFull(error))
      return reply.code(507).send({ error: "The disk of the database is full. Make room and try again." });
    const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
    if (typeof code === "string" && REFUSED_VALUE.test(code))
      return reply
        .code(400)
        .send({ error: "A value cannot be stored: it holds a NUL character, or is too long or too large." });
    if (code === UNIQUE_VIOLATION)
      return reply.code(409).send({
        error: "The same was stored by another request at this moment. Look at what is there, and try again.",
      });
    if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500)
      return reply.code(statusCode).send({ error: (error as Error).message });
    log(`${request.method} ${request.routeOptions.url ?? ""}: ${(error as Error).stack ?? String(error)}`);
    return reply.code(500).send({ error: "The host failed to answer; its log says more." });
  });
}

import { setTimeout as delay } from "node:timers/promises";

/** Classes of PostgreSQL's error codes: the connection is lost, no room, the server is going down or starting. */
const AWAY = /^(08|57P|53300)/;
/** Two transactions waited for each other, and the server ended this one. */
const DEADLOCK = "40P01";
const MOST_ATTEMPTS = 4;
const SOCKET = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
]);
const WORDS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Connection ended/i;

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : "";

/** Whether the database could not be asked at all, so that the same may succeed later. */
export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error);
  return AWAY.test(code) || SOCKET.has(code) || (error instanceof Error && WORDS.test(error.message));
}

/** Does a transaction again that the server ended because another one and it waited for each other. */
export async function withoutDeadlock<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await transaction();
    } catch (error) {
      if (codeOf(error) !== DEADLOCK || attempt === MOST_ATTEMPTS) throw error;
    }
}

/** Pauses before something that must be stored is tried again. */
export const RETRY_MS = [250, 500, 1000, 2000, 4000, 8000];

/** Stores something again when the database is away for a moment. What it stores must be refused when it is stored already. */
export async function storePatiently<T>(transaction: () => Promise<T>): Promise<T> {
  for (const pause of RETRY_MS)
    try {
      return await withoutDeadlock(transaction);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      await delay(pause);
    }
  return withoutDeadlock(transaction);
}

/** Whether the disk of the database has no room. */
export function isDiskFull(error: unknown): boolean {
  return codeOf(error) === "53100";
}

/** The settings are wrong, as the server says: user, password, database, TLS. */
export function isRefusedConnection(error: unknown): boolean {
  return /^(28|3D000)/.test(codeOf(error));
}

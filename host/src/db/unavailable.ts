/** Classes of PostgreSQL's error codes: the connection is lost, no room, the server is going down or starting. */
const AWAY = /^(08|57P|53300)/;
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

/** Whether the disk of the database has no room. */
export function isDiskFull(error: unknown): boolean {
  return codeOf(error) === "53100";
}

/** The settings are wrong, as the server says: user, password, database, TLS. */
export function isRefusedConnection(error: unknown): boolean {
  return /^(28|3D000)/.test(codeOf(error));
}

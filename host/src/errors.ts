/** A refusal with words for the caller; the API answers with its status. */
export class HostError extends Error {
  override name = "HostError";
  constructor(
    readonly status: number,
    message: string,
    /** More for a program: the prop or field at fault, problems by name. */
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export function notFound(what: string, id: string, hint = ""): HostError {
  return new HostError(404, `There is no ${what} "${id}".${hint ? ` ${hint}` : ""}`);
}

/** What an error says; packages hand on errors as plain objects too. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error === "object" && error !== null && "message" in error) return String(error.message);
  return String(error);
}

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

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

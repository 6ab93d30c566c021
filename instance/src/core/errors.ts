/** What the API answers when it refuses: ServiceNow's error body with its status. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    message: string,
    readonly detail: string | null = null,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }

  body(): string {
    return JSON.stringify({ error: { message: this.message, detail: this.detail }, status: "failure" });
  }
}

export const errors = {
  unauthenticated: () =>
    new ApiError(401, "User is not authenticated", "Required to provide Auth information", {
      "WWW-Authenticate": 'BASIC realm="Service-now"',
    }),
  noRecord: () =>
    new ApiError(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval"),
  noRows: () =>
    new ApiError(
      404,
      "No Record found",
      "Records matching query not found. Check query parameter or offset parameter",
    ),
  invalidTable: (name: string) => new ApiError(400, `Invalid table ${name}`),
  noResource: (status: number) => new ApiError(status, "Requested URI does not represent any resource"),
  queryRefused: (detail: string | null = "Field(s) present in the query do not have permission to be read") =>
    new ApiError(403, "Insufficient rights to query records", detail),
  aclRefused: (operation: "Insert" | "Update" | "Delete") =>
    new ApiError(403, "Operation Failed", `ACL Exception ${operation} Failed due to security constraints`),
  duplicateId: (sysId: string) =>
    new ApiError(
      403,
      "Operation Failed",
      `Unique Key violation detected by database (Duplicate entry '${sysId}' for key 'PRIMARY')`,
    ),
  unreadableBody: () =>
    new ApiError(
      400,
      "Exception while reading request",
      "Verify Request body and Content-type headers. Not able to parse request",
    ),
  bodyTooLarge: (length: number | string, limit: number) =>
    new ApiError(
      413,
      "Exception while reading request",
      `Rejected large REST payload with content-length = ${length} bytes. Max allowed: ${limit} bytes.`,
    ),
  methodNotSupported: () => new ApiError(405, "Method not supported"),
  mandatory: (labels: string[]) =>
    new ApiError(
      403,
      "Operation Failed",
      `Data Policy Exception: \n\tThe following fields are mandatory: ${labels.join(", ")}`,
    ),
  ruleAborted: (table: string, rule: string, ruleId: string) =>
    new ApiError(
      403,
      "Operation Failed",
      `Operation against file '${table}' was aborted by Business Rule '${rule}^${ruleId}'. Business Rule Stack:${rule}`,
    ),
  badMediaType: () => new ApiError(415, "Unsupported Media Type"),
  notAcceptable: () => new ApiError(406, "Requested response media type not supported"),
  badRequest: (message: string, detail: string | null = null) => new ApiError(400, message, detail),
  forbidden: (message: string, detail: string | null = null) => new ApiError(403, message, detail),
};

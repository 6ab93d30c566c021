/**
 * What each stored value is encrypted for. The text is authenticated with the value, so one that somebody moved to another row, column,
 * table or owner cannot be decrypted there.
 */
export const encryptedFor = {
  /** Bound to everything that decides where the secrets go: a changed address makes them unreadable. */
  account: (row: AccountPlace): string =>
    `account ${JSON.stringify([row.id, row.external_user_id, row.app, row.auth_type, row.token_url, row.revocation_url, row.fields])}`,
  authorizationRequest: (id: string): string => `authorization request ${id}`,
  connectToken: (hash: string): string => `connect token ${hash}`,
  connectTokenWebhook: (hash: string): string => `connect token webhook ${hash}`,
  prop: (trigger: string, name: string): string => `prop ${JSON.stringify([trigger, name])}`,
  webhookKey: (id: string): string => `webhook ${id}`,
  webhookAddress: (id: string): string => `webhook address ${id}`,
  runRequest: (trigger: string): string => `request ${trigger}`,
  runReply: (request: number | string): string => `reply ${request}`,
  workflowEvent: (run: string): string => `workflow event of ${run}`,
  workflowReply: (run: string): string => `workflow reply of ${run}`,
  stepResult: (run: string, path: string): string => `workflow step result ${JSON.stringify([run, path])}`,
  stepDetail: (run: string, path: string): string => `workflow step detail ${JSON.stringify([run, path])}`,
  stepResume: (run: string, path: string): string => `workflow step resume ${JSON.stringify([run, path])}`,
  variable: (user: string, name: string): string => `workflow variable ${JSON.stringify([user, name])}`,
  emitted: (workflow: string, run: string): string => `workflow emit ${JSON.stringify([workflow, run])}`,
  actionRun: (id: string, column: "input" | "result" | "exports" | "logs"): string =>
    `action run ${id} ${column}`,
  message: "message",
  keyCheck: "key check",
} as const;

/** The columns of an account that decide whose it is and where its secrets are sent. */
export interface AccountPlace {
  id: string;
  external_user_id: string;
  app: string;
  auth_type: string;
  token_url: string | null;
  revocation_url: string | null;
  fields: string;
}

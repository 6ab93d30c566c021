/** What the doctor found in one area. */
export interface Finding {
  /** Stable word for code and tests. */
  area:
    | "address"
    | "hibernation"
    | "sign-in"
    | "account"
    | "clock"
    | "token"
    | "roles"
    | "time-zone"
    | "dictionary"
    | "choices"
    | "journal"
    | "deletions"
    | "oauth-credential"
    | "table"
    | "query-rules"
    | "invalid-query"
    | "rate-limit";
  /** `problem`: something will not work. `warning`: something works with a limit. `ok` and `info` need nothing. */
  level: "ok" | "info" | "warning" | "problem";
  /** What was found. */
  what: string;
  /** What the reader can do. */
  remedy?: string;
  /** What to ask the administrator for, one sentence that can be sent as it is. */
  ask?: string;
  /** The table it is about. */
  table?: string;
}

export interface Diagnosis {
  /** True without a problem. */
  healthy: boolean;
  instance: string;
  /** The account behind the sign-in; null when that could not be found out. */
  user: { userName: string; name: string; timeZone: string; roles: string[] } | null;
  findings: Finding[];
  /** A letter to the administrator with everything that was asked for; empty when nothing was. */
  letter: string;
}

/** Writes the letter. */
export function letterOf(instance: string, userName: string | undefined, findings: readonly Finding[]): string {
  const asks = [...new Set(findings.map(({ ask }) => ask).filter((ask): ask is string => Boolean(ask)))];
  if (asks.length === 0) return "";
  const account = userName ? `the account ${userName}` : "our integration account";
  return [
    `An integration uses ${instance} with ${account}. For it to work fully, please:`,
    ...asks.map((ask, index) => `${index + 1}. ${ask}`),
  ].join("\n");
}

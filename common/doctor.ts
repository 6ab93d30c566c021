import type { CallOptions, ServiceNow } from "./client";
import { checkAccount } from "./doctor/account";
import { letterOf, type Diagnosis, type Finding } from "./doctor/finding";
import { checkRights } from "./doctor/rights";
import { checkSignIn } from "./doctor/sign-in";
import { checkInvalidQuery, checkRateLimit, checkTable } from "./doctor/tables";
import { tableName } from "./http/url";

export type { Diagnosis, Finding } from "./doctor/finding";

export interface DiagnoseOptions extends CallOptions {
  /** Tables the integration works with. @default incident */
  tables?: readonly string[];
  /** This computer's clock. */
  now?: () => number;
}

/**
 * Examines a connection: address, hibernation, sign-in, token, roles, zone, the rights that sources and lookups need, and the tables named. Changes
 * nothing. About fifteen calls.
 *
 * @returns findings, and a letter to the administrator with everything that is missing
 * @throws only for what is not ServiceNow's doing: a failed sign-in is a finding
 */
export async function diagnose(client: ServiceNow, options: DiagnoseOptions = {}): Promise<Diagnosis> {
  const tables = [...new Set((options.tables ?? ["incident"]).map(tableName))];
  const now = options.now ?? Date.now;
  const start = await checkSignIn(client, options, now);
  const findings: Finding[] = start.findings;
  let roles: string[] = [];
  if (start.reached) {
    if (start.user) {
      const account = await checkAccount(client, start.user, options, now);
      findings.push(...account.findings);
      roles = account.roles;
    }
    const probe = tables[0] ?? "incident";
    const parts = await Promise.all([
      checkRights(client, options),
      ...tables.map((table) => checkTable(client, table, options)),
      checkInvalidQuery(client, probe, options).then((finding) => [finding]),
      checkRateLimit(client, probe, options).then((finding) => [finding]),
    ]);
    findings.push(...parts.flat());
  }
  const { user } = start;
  return {
    healthy: findings.every(({ level }) => level !== "problem"),
    instance: client.origin,
    user: user ? { userName: user.userName, name: user.name, timeZone: user.timeZone, roles } : null,
    findings,
    letter: letterOf(client.origin, user?.userName, findings),
  };
}

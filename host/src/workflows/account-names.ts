import type { Accounts } from "../accounts/accounts";
import { HostError } from "../errors";
import type { ConfigurableProp } from "../execution/protocol";

/** Finds the accounts that definitions name: `{ account: "demo" }` by name or id, of the prop's app and the workflow's user. */
export class AccountNames {
  constructor(readonly accounts: Pick<Accounts, "list" | "isNeedless">) {}

  /** The props with each account in the form that runs take. @throws HostError 400 naming the prop and the accounts there are. */
  async resolve(
    props: readonly ConfigurableProp[],
    values: Record<string, unknown>,
    user: string,
  ): Promise<Record<string, unknown>> {
    const resolved = { ...values };
    for (const { name, type, app } of props) {
      const wanted = type === "app" ? accountIn(values[name]) : undefined;
      if (wanted === undefined) continue;
      const accounts = (await this.accounts.list({ user })).filter((account) => account.app === app);
      const found =
        accounts.find(({ id }) => id === wanted) ??
        only(
          accounts.filter((account) => account.name === wanted),
          wanted,
          name,
        );
      if (!found)
        throw new HostError(400, `${name}: there is no ${app} account "${wanted}". ${there(accounts)}`, {
          problems: [{ prop: name, message: `names no ${app} account` }],
        });
      resolved[name] = { authProvisionId: found.id };
    }
    return resolved;
  }
}

/** The name in `{ account: "demo" }`; undefined for every other form of an account. */
function accountIn(value: unknown): string | undefined {
  const account =
    typeof value === "object" && value !== null && "account" in value ? value.account : undefined;
  return typeof account === "string" ? account : undefined;
}

function only<T extends { id: string }>(found: T[], wanted: string, prop: string): T | undefined {
  if (found.length <= 1) return found[0];
  throw new HostError(
    400,
    `${prop}: ${found.length} accounts are named "${wanted}". Name the one by its id: ${found.map(({ id }) => id).join(", ")}.`,
  );
}

function there(accounts: { name: string }[]): string {
  return accounts.length === 0
    ? "None is connected; connect one on the Accounts page."
    : `There are: ${accounts.map(({ name }) => name).join(", ")}.`;
}

import { asText, isRecord, toLabelledValue } from "../../../../components/prop-rules";
import type { Account, Prop } from "../api/types";

/** Values of a form as a file writes them: accounts by their name, choices without a label that says no more. */
export function valuesForFile(
  values: Record<string, unknown>,
  props: Prop[],
  accounts: Account[],
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const app = props.find((prop) => prop.name === name && prop.type === "app");
      return [name, app ? accountForFile(value, accounts) : withoutLabels(value)];
    }),
  );
}

function accountForFile(value: unknown, accounts: Account[]): unknown {
  const id = isRecord(value) ? value.authProvisionId : undefined;
  const account = accounts.find((one) => one.id === id);
  if (!account) return value;
  const isAlone = accounts.filter(
    (one) => one.name === account.name && one.app.name_slug === account.app.name_slug,
  );
  return { account: account.name !== null && isAlone.length === 1 ? account.name : account.id };
}

/** `Incident (incident)` says nothing that `incident` does not; the name of a person beside a sys_id does. */
function withoutLabels(value: unknown): unknown {
  if (!isRecord(value) || !("__lv" in value)) return value;
  const choices = (Array.isArray(value.__lv) ? value.__lv : [value.__lv]).map(toLabelledValue);
  if (choices.some(({ label, value: stored }) => !saysAsMuch(label, stored))) return value;
  const stored = choices.map((choice) => choice.value);
  return Array.isArray(value.__lv) ? stored : stored[0];
}

const saysAsMuch = (label: string, value: unknown): boolean =>
  typeof value !== "object" && (label === asText(value) || !/^[0-9a-f]{32}$/.test(asText(value)));

/** Values of a file in the form that the fields edit. */
export function valuesForForm(
  values: Record<string, unknown> | undefined,
  props: Prop[],
  accounts: Account[],
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => {
      const app = props.find((prop) => prop.name === name && prop.type === "app");
      const wanted = app && isRecord(value) ? value.account : undefined;
      if (wanted === undefined) return [name, value];
      const found = accounts.find(
        (one) => one.app.name_slug === app?.app && (one.id === wanted || one.name === wanted),
      );
      return [name, found ? { authProvisionId: found.id } : undefined];
    }),
  );
}

import { useMutation } from "@tanstack/react-query";
import { api } from "../api/http";
import { queryClient, useAccounts } from "../api/queries";
import type { Prop, Trigger } from "../api/types";
import { asText, isRecord } from "../../../../components/prop-rules";
import { labelOf } from "../form/control-kind";
import { Notice } from "../ui/notice";

/** The account a trigger works with, which may be another one from now on: the way out when the first was deleted. */
export function TriggerAccount({ trigger, prop, path }: { trigger: Trigger; prop: Prop; path: string }) {
  const accounts = useAccounts(prop.app);
  const value = trigger.configured_props?.[prop.name];
  const present = isRecord(value) ? value.authProvisionId : value;
  const change = useMutation({
    mutationFn: (id: string) =>
      api("PUT", path, {
        configured_props: { ...trigger.configured_props, [prop.name]: { authProvisionId: id } },
      }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["triggers"] }),
  });
  const isGone = accounts.data !== undefined && !accounts.data.some(({ id }) => id === present);
  const label = prop.label ?? `${labelOf(prop)} account`;
  return (
    <div>
      <dt>{label}</dt>
      <dd className="stack tight">
        <select
          aria-label={label}
          value={isGone ? "" : asText(present)}
          disabled={accounts.data === undefined || change.isPending}
          onChange={(event) => event.currentTarget.value && change.mutate(event.currentTarget.value)}
        >
          {(isGone || !accounts.data) && (
            <option value="">{isGone ? "Choose an account" : "Loading…"}</option>
          )}
          {accounts.data?.map((account) => (
            <option key={account.id} value={account.id}>
              {account.name ?? account.id}
              {account.healthy ? "" : " (needs attention)"}
            </option>
          ))}
        </select>
        {isGone && <p className="error-text">The account was deleted. Choose another for this trigger.</p>}
        {change.error && <Notice kind="error">{change.error.message}</Notice>}
      </dd>
    </div>
  );
}

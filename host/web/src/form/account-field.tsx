import { useEffect, useState } from "react";
import { useAccounts, useApps } from "../api/queries";
import type { Account, Prop } from "../api/types";
import { ConnectDialog } from "../connect/connect-dialog";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import type { ControlIds } from "../ui/field";
import type { PropForm } from "./form-state";

/** The account of an app prop: one of those connected, or a new one without leaving the form. */
export function AccountField({ form, prop, ids }: { form: PropForm; prop: Prop; ids: ControlIds }) {
  const accounts = useAccounts(prop.app);
  const apps = useApps().data;
  const [connecting, setConnecting] = useState<{ account?: Account }>();
  const chosenId = form.draft(prop) as string | undefined;
  const list = accounts.data;
  const chosen = list?.find((account) => account.id === chosenId);
  const appName = apps?.find((app) => app.name_slug === prop.app)?.name ?? prop.app ?? "app";

  // The only account there is needs no choosing; one that was deleted meanwhile is no choice any more.
  useEffect(() => {
    if (!list) return;
    if (chosenId === undefined && list.length === 1) form.setDraft(prop, list[0]!.id);
    else if (chosenId !== undefined && !chosen && !accounts.isFetching) form.setDraft(prop, undefined);
  });

  return (
    <>
      <div className="row join">
        {(list === undefined || list.length > 0) && (
          <select
            {...ids}
            value={chosen ? chosenId : ""}
            disabled={list === undefined}
            onChange={(event) => form.setDraft(prop, event.currentTarget.value || undefined)}
          >
            <option value="">{list === undefined ? "Loading accounts…" : "Choose an account"}</option>
            {list?.map((account) => (
              <option key={account.id} value={account.id}>
                {account.name ?? account.id}
                {account.healthy ? "" : " (needs attention)"}
              </option>
            ))}
          </select>
        )}
        <Button
          {...(list?.length === 0 ? { id: ids.id, "aria-describedby": ids["aria-describedby"] } : {})}
          look={list?.length === 0 ? "primary" : "plain"}
          onClick={() => setConnecting({})}
        >
          {list?.length === 0 ? `Connect ${appName} account…` : "Connect new account…"}
        </Button>
      </div>
      {accounts.error && (
        <Notice kind="error" actions={<Button onClick={() => void accounts.refetch()}>Try again</Button>}>
          {accounts.error.message}
        </Notice>
      )}
      {chosen && !chosen.healthy && (
        <Notice
          kind="warning"
          actions={<Button onClick={() => setConnecting({ account: chosen })}>Reconnect</Button>}
        >
          {chosen.error ?? "This account no longer works. Reconnect it."}
        </Notice>
      )}
      {connecting && (
        <ConnectDialog
          app={prop.app}
          {...(connecting.account ? { account: connecting.account } : {})}
          onClose={() => setConnecting(undefined)}
          onConnected={(id) => form.setDraft(prop, id)}
        />
      )}
    </>
  );
}

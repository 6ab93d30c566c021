import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, externalUserId, projectPath } from "../api/http";
import { queryClient, useAccounts, useSession, useTriggers } from "../api/queries";
import type { Account, CheckResult, Trigger } from "../api/types";
import { ConnectDialog } from "../connect/connect-dialog";
import { DescribeApp } from "../connect/describe-app";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { Notice } from "../ui/notice";
import { PageHeading } from "../ui/page-heading";
import { Waiting } from "../ui/waiting";
import { Confirm } from "../ui/dialog";
import { Time } from "../ui/time";
import { DemoCard } from "./demo-card";
import { FirstSteps } from "./first-steps";

export function AccountsPage() {
  const accounts = useAccounts();
  const [connecting, setConnecting] = useState<{
    account?: Account;
    app?: string;
    filled?: Record<string, string>;
  }>();
  const [describing, setDescribing] = useState(false);
  const connect = () => setConnecting({});
  const demo = useSession().data?.demo;
  return (
    <>
      <PageHeading
        actions={
          accounts.data?.length ? (
            <Button look="primary" onClick={connect}>
              Connect account
            </Button>
          ) : undefined
        }
      >
        Accounts
      </PageHeading>
      <FirstSteps />
      {accounts.isPending && <Waiting>Loading the accounts…</Waiting>}
      {accounts.error && (
        <Notice
          kind="error"
          title="The accounts could not be loaded"
          actions={<Button onClick={() => void accounts.refetch()}>Try again</Button>}
        >
          {accounts.error.message}
        </Notice>
      )}
      {accounts.data?.length === 0 && demo && (
        <DemoCard demo={demo} onConnect={() => setConnecting({ app: demo.app, filled: demo.fields })} />
      )}
      {accounts.data?.length === 0 && (
        <Empty
          title="No account is connected yet"
          actions={
            <Button look="primary" onClick={connect}>
              Connect account
            </Button>
          }
        >
          Triggers and actions work with an account. You sign in at the other side once; the host keeps the
          access fresh and encrypted.
        </Empty>
      )}
      {accounts.data && accounts.data.length > 0 && (
        <ul className="cards" aria-label="Connected accounts">
          {accounts.data.map((account) => (
            <AccountCard key={account.id} account={account} onReconnect={() => setConnecting({ account })} />
          ))}
        </ul>
      )}
      {accounts.data && (
        <p className="about">
          An app asks for fields you do not know, or for none?{" "}
          <Button look="quiet" onClick={() => setDescribing(true)}>
            Describe an app
          </Button>
        </p>
      )}
      {describing && <DescribeApp onClose={() => setDescribing(false)} />}
      {connecting && <ConnectDialog {...connecting} onClose={() => setConnecting(undefined)} />}
    </>
  );
}

function AccountCard({ account, onReconnect }: { account: Account; onReconnect: () => void }) {
  const [deleting, setDeleting] = useState(false);
  const name = account.name ?? account.id;
  const check = useMutation({
    mutationFn: () => api<CheckResult>("POST", `/api/accounts/${account.id}/check`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["accounts"] }),
  });
  const result = check.data;
  const problem = result
    ? result.healthy
      ? undefined
      : result.error
    : account.healthy
      ? undefined
      : account.error;
  const healthy = result?.healthy ?? account.healthy;
  return (
    <li className="card" aria-label={name}>
      <div className="row spread top">
        <div className="card-main">
          <h2>{name}</h2>
          <p className="facts">
            <span>{account.app.name}</span>
            <span>
              connected <Time value={account.created_at} />
            </span>
          </p>
        </div>
        <Badge kind={healthy ? "good" : "bad"}>{healthy ? "Healthy" : "Needs attention"}</Badge>
      </div>
      {!healthy && <Notice kind="error">{problem ?? "The access has ended. Reconnect the account."}</Notice>}
      {check.error && <Notice kind="error">{check.error.message}</Notice>}
      {result?.healthy && (
        <Notice
          kind="success"
          title={result.name ? `The connection works: signed in as ${result.name}` : "The connection works"}
        >
          {result.details && Object.keys(result.details).length > 0 && (
            <dl className="details">
              {Object.entries(result.details).map(([label, value]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          )}
        </Notice>
      )}
      <div className="row">
        <Button busy={check.isPending} onClick={() => check.mutate()}>
          {check.isPending ? "Checking…" : "Check connection"}
        </Button>
        <Button look={healthy ? "plain" : "primary"} onClick={onReconnect}>
          Reconnect
        </Button>
        <Button look="quiet" onClick={() => setDeleting(true)}>
          Delete
        </Button>
      </div>
      {deleting && <DeleteAccount account={account} onClose={() => setDeleting(false)} />}
    </li>
  );
}

function DeleteAccount({ account, onClose }: { account: Account; onClose: () => void }) {
  const triggers = useTriggers().data?.filter((trigger) => usesAccount(trigger, account.id)) ?? [];
  return (
    <Confirm
      title={`Delete ${account.name ?? account.id}?`}
      action="Delete account"
      onClose={onClose}
      onConfirm={async () => {
        await api("DELETE", `${projectPath}/accounts/${account.id}?external_user_id=${externalUserId}`);
        await queryClient.invalidateQueries({ queryKey: ["accounts"] });
        onClose();
      }}
    >
      {triggers.length > 0 ? (
        <p>
          {triggers.length === 1 ? "A trigger uses it" : `${triggers.length} triggers use it`} and will stop
          working: {triggers.map((trigger) => trigger.name).join(", ")}.
        </p>
      ) : (
        <p>No trigger uses it. The stored access is removed from this host.</p>
      )}
    </Confirm>
  );
}

function usesAccount(trigger: Trigger, id: string): boolean {
  return typeof trigger.account === "string" ? trigger.account === id : trigger.account?.id === id;
}

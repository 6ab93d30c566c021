import { useState } from "react";
import { useApps, useConnection } from "../api/queries";
import type { Account, AppInfo, ConnectionField, SignInKind } from "../api/types";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Notice } from "../ui/notice";
import { Text } from "../ui/text";
import { Waiting } from "../ui/waiting";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Elapsed } from "../ui/time";
import { useConnectFlow, type ConnectPhase } from "./connect-flow";
import { KeysForm } from "./keys-form";
import { NETWORK_FIELDS, NetworkFields, networkOf, type NetworkDraft } from "./network-fields";

interface ConnectProps {
  app?: string | undefined;
  /** Given: the sign-in refreshes this account instead of adding one. */
  account?: Account;
  /** Values to begin with, such as those of the demo instance. */
  filled?: Record<string, string> | undefined;
  onClose: () => void;
  onConnected?: (accountId: string) => void;
}

/** The modal in which an account is connected, or connected again. */
export function ConnectDialog(props: ConnectProps) {
  const connect = useConnect(props);
  return (
    <Dialog title={connect.title} onClose={connect.close}>
      {connect.body}
    </Dialog>
  );
}

/** What the modal shows, for a place of one's choice: its title, its body, and how to leave it. */
export function useConnect({ app: fixedApp, account, filled, onClose, onConnected }: ConnectProps) {
  const apps = useApps();
  const choices = apps.data?.filter((app) => app.auth_type !== null) ?? [];
  const [chosen, setChosen] = useState<string>();
  const slug =
    account?.app.name_slug ??
    fixedApp ??
    chosen ??
    (choices.length === 1 ? choices[0]!.name_slug : undefined);
  const appName = choices.find((app) => app.name_slug === slug)?.name ?? account?.app.name ?? slug;
  const connection = useConnection(slug);
  const flow = useConnectFlow();
  const [chosenKind, setChosenKind] = useState<string>();
  const kinds = connection.data?.kinds ?? [];
  const kind = kinds.find((one) => one.kind === (account?.auth_kind ?? chosenKind)) ?? kinds[0];
  const close = () => {
    if (flow.phase.name === "done") onConnected?.(flow.phase.account.id);
    flow.cancel();
    onClose();
  };
  const title = account
    ? `Reconnect ${account.name ?? appName}`
    : appName
      ? `Connect ${appName}`
      : "Connect an account";
  const body = (
    <div className="stack">
      {!fixedApp && !account && choices.length > 1 && flow.phase.name === "form" && (
        <AppChoice apps={choices} chosen={slug} onChoose={setChosen} />
      )}
      {!slug && apps.isPending && <Waiting>Looking which apps there are…</Waiting>}
      {!slug && apps.isSuccess && choices.length === 0 && (
        <Notice kind="warning" title="No app asks for an account">
          The host found no components with a connection. Run <code>npm run build</code> and start the host
          again.
        </Notice>
      )}
      {(apps.error ?? connection.error) && (
        <Notice
          kind="error"
          actions={<Button onClick={() => void (apps.error ? apps : connection).refetch()}>Try again</Button>}
        >
          {(apps.error ?? connection.error)?.message}
        </Notice>
      )}
      {slug && connection.isLoading && <Waiting>Looking what {appName} needs…</Waiting>}
      {connection.data?.type === "none" && (
        <Notice kind="neutral">{appName} needs no account. Its actions and triggers run as they are.</Notice>
      )}
      {slug && connection.data?.type === "keys" && kinds.length === 0 && flow.phase.name !== "done" && (
        <KeysForm key={slug} slug={slug} account={account} onCancel={close} onDone={flow.done} />
      )}
      {kind && kinds.length > 1 && !account && flow.phase.name === "form" && (
        <KindChoice kinds={kinds} chosen={kind} onChoose={setChosenKind} />
      )}
      {slug && kind && flow.phase.name !== "done" && (
        <ConnectForm
          key={`${slug} ${kind.kind}`}
          kind={kind}
          redirectUri={connection.data?.redirect_uri}
          account={account}
          filled={filled}
          phase={flow.phase}
          onCancel={close}
          onBack={flow.cancel}
          onReopen={flow.reopen}
          onStart={(fields, network) => {
            const known = { ...(account ? { account_id: account.id } : {}), network };
            if (kind.by === "browser") void flow.start({ app: slug, fields, ...known });
            else
              void flow.connect({
                app_slug: slug,
                auth_kind: kind.kind,
                cfmap_json: JSON.stringify(fields),
                ...known,
              });
          }}
        />
      )}
      {flow.phase.name === "done" && (
        <>
          <Notice kind="success" title="Connected">
            {flow.phase.account.name
              ? `Signed in as ${flow.phase.account.name}.`
              : "The account is ready to use."}
          </Notice>
          {flow.phase.notice && <Notice kind="warning">{flow.phase.notice}</Notice>}
          <div className="row end">
            <Button look="primary" autoFocus onClick={close}>
              Done
            </Button>
          </div>
        </>
      )}
    </div>
  );
  return { title, body, close };
}

function AppChoice({
  apps,
  chosen,
  onChoose,
}: {
  apps: AppInfo[];
  chosen: string | undefined;
  onChoose: (slug: string | undefined) => void;
}) {
  return (
    <Field label="App">
      {(ids) => (
        <select
          {...ids}
          value={chosen ?? ""}
          onChange={(event) => onChoose(event.currentTarget.value || undefined)}
        >
          <option value="">Choose an app</option>
          {apps.map((app) => (
            <option key={app.id} value={app.name_slug}>
              {app.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function KindChoice({
  kinds,
  chosen,
  onChoose,
}: {
  kinds: SignInKind[];
  chosen: SignInKind;
  onChoose: (kind: string) => void;
}) {
  return (
    <Field label="How to sign in" description={chosen.description}>
      {(ids) => (
        <select {...ids} value={chosen.kind} onChange={(event) => onChoose(event.currentTarget.value)}>
          {kinds.map(({ kind, label }) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function ConnectForm({
  kind,
  redirectUri,
  account,
  filled,
  phase,
  onStart,
  onReopen,
  onCancel,
  onBack,
}: {
  kind: SignInKind;
  redirectUri: string | undefined;
  account: Account | undefined;
  filled: Record<string, string> | undefined;
  phase: ConnectPhase;
  onStart: (fields: Record<string, string>, network: ReturnType<typeof networkOf>) => void;
  onReopen: ReturnType<typeof useConnectFlow>["reopen"];
  onCancel: () => void;
  onBack: () => void;
}) {
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(
      kind.fields.map((field) => [
        field.name,
        account?.fields?.[field.name] ?? filled?.[field.name] ?? field.default ?? "",
      ]),
    ),
  );
  const [network, setNetwork] = useState<NetworkDraft>({});
  const isInBrowser = kind.by === "browser";
  const [tried, setTried] = useState(false);
  const failure = phase.name === "form" ? phase.error : undefined;
  const busy = phase.name === "starting";
  // A secret that is left empty keeps its value when an account is connected again.
  const isNeeded = (field: ConnectionField): boolean => !field.optional && !(account && field.secret);
  const isMissing = (field: ConnectionField): boolean => isNeeded(field) && values[field.name]?.trim() === "";
  const errorOf = (field: ConnectionField): string | undefined => {
    if (failure?.field === field.name) return failure.message;
    return tried && isMissing(field) ? `${field.label} is missing. Fill it in.` : undefined;
  };
  const fieldIsKnown = [...kind.fields.map(({ name }) => name), ...NETWORK_FIELDS].includes(
    failure?.field ?? "",
  );

  if (phase.name === "waiting")
    return <WaitingForSignIn phase={phase} help={kind.help} onReopen={onReopen} onBack={onBack} />;
  const first = kind.fields[0];
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // React lets events of a dialog rise into the form it was opened from.
        event.stopPropagation();
        setTried(true);
        const empty = kind.fields.find(isMissing);
        if (empty)
          event.currentTarget.querySelector<HTMLElement>(`[name="${CSS.escape(empty.name)}"]`)?.focus();
        else if (!busy)
          onStart(
            Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "")),
            networkOf(network),
          );
      }}
    >
      {failure && !fieldIsKnown && (
        <Notice kind="error" title="Not connected" reveal>
          <p className="prewrap">{failure.message}</p>
        </Notice>
      )}
      {kind.fields.map((field, at) => (
        <Field
          key={field.name}
          label={field.label}
          description={field.description}
          required={isNeeded(field)}
          error={errorOf(field)}
        >
          {(ids) => (
            <input
              {...ids}
              name={field.name}
              type={field.secret ? "password" : "text"}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              autoFocus={at === 0}
              placeholder={account && field.secret ? "Left empty, it stays as it is" : field.placeholder}
              value={values[field.name]}
              readOnly={busy}
              onChange={(event) => setValues({ ...values, [field.name]: event.currentTarget.value })}
            />
          )}
        </Field>
      ))}
      <NetworkFields draft={network} present={account?.network} failure={failure} onChange={setNetwork} />
      {(kind.help || (isInBrowser && redirectUri)) && (
        <details className="help">
          <summary>Where do these values come from?</summary>
          <div className="stack tight">
            {kind.help && <Text>{kind.help}</Text>}
            {isInBrowser && redirectUri && (
              <div>
                <p className="small-label">Redirect URL to enter there</p>
                <div className="row">
                  <code className="break">{redirectUri}</code>
                  <CopyButton text={() => redirectUri} />
                </div>
              </div>
            )}
          </div>
        </details>
      )}
      {phase.name === "starting" && (
        <Waiting>
          Waiting for {(first && values[first.name]) || "the other side"} to answer…{" "}
          <Elapsed since={phase.since} />
        </Waiting>
      )}
      <div className="row end">
        <Button onClick={busy ? onBack : onCancel}>{busy ? "Stop waiting" : "Cancel"}</Button>
        <Button look="primary" type="submit" busy={busy}>
          {busy ? "Connecting…" : isInBrowser ? "Continue to sign in" : "Connect"}
        </Button>
      </div>
      {isInBrowser && (
        <p className="about">
          A window opens in which you sign in. Your password is entered there, never here.
        </p>
      )}
    </form>
  );
}

function WaitingForSignIn({
  phase,
  help,
  onReopen,
  onBack,
}: {
  phase: ConnectPhase & { name: "waiting" };
  help: string | undefined;
  onReopen: ReturnType<typeof useConnectFlow>["reopen"];
  onBack: () => void;
}) {
  const reopen = () => onReopen(phase.attempt);
  return (
    <div className="stack">
      {phase.window === "blocked" ? (
        <Notice kind="warning" title="The browser blocked the sign-in window">
          Open it with the button below, or allow pop-ups for this page.
        </Notice>
      ) : phase.window === "closed" ? (
        <Notice kind="warning" title="The sign-in window was closed">
          Nothing was connected yet. Open the window again to go on, or go back to change what you entered.
        </Notice>
      ) : (
        <Waiting>Sign in and allow access in the window that opened. This page goes on by itself.</Waiting>
      )}
      {help && (
        <details className="help">
          <summary>The window shows an error or nothing at all?</summary>
          <Text>{help}</Text>
        </details>
      )}
      <div className="row end">
        <Button onClick={onBack}>Back</Button>
        <Button look={phase.window === "open" ? "plain" : "primary"} onClick={reopen}>
          {phase.window === "blocked" ? "Open the sign-in window" : "Open the window again"}
        </Button>
      </div>
    </div>
  );
}

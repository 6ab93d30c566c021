import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, externalUserId, projectPath } from "../api/http";
import { queryClient, useComponent, useTriggers } from "../api/queries";
import { useStreamState } from "../api/stream";
import type { Run, Trigger } from "../api/types";
import { asText, isRecord, toLabelledValue } from "../../../../components/prop-rules";
import { labelOf } from "../form/control-kind";
import { goTo, linkTo } from "../router";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Notice } from "../ui/notice";
import { PageHeading } from "../ui/page-heading";
import { Waiting } from "../ui/waiting";
import { Confirm, Dialog } from "../ui/dialog";
import { Time } from "../ui/time";
import { Receivers } from "../deliveries/receivers";
import { EventList } from "./event-list";
import { eventsWords } from "./event-words";
import { TriggerAccount } from "./trigger-account";
import { TriggerRuns } from "./trigger-runs";
import { UseInWorkflow } from "./use-in-workflow";
import { accountName, runError, scheduleOf, TriggerBadge } from "./triggers";

export function TriggerPage({ id }: { id: string }) {
  const triggers = useTriggers();
  const trigger = triggers.data?.find((one) => one.id === id);
  const back = (
    <a className="back" href={linkTo("triggers")}>
      ← Triggers
    </a>
  );
  if (trigger) return <TriggerView key={id} trigger={trigger} back={back} />;
  return (
    <>
      <PageHeading back={back}>Trigger</PageHeading>
      {triggers.error ? (
        <Notice kind="error" actions={<Button onClick={() => void triggers.refetch()}>Try again</Button>}>
          {triggers.error.message}
        </Notice>
      ) : triggers.isFetching ? (
        <Waiting>Loading the trigger…</Waiting>
      ) : (
        <Notice kind="warning" title="This trigger does not exist">
          It may have been deleted. The list of triggers shows those that are there.
        </Notice>
      )}
    </>
  );
}

function TriggerView({ trigger, back }: { trigger: Trigger; back: React.ReactNode }) {
  const [dialog, setDialog] = useState<"rename" | "delete">();
  const path = `${projectPath}/deployed-triggers/${trigger.id}?external_user_id=${externalUserId}`;
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ["triggers"] }),
      queryClient.invalidateQueries({ queryKey: ["runs", trigger.id] }),
      queryClient.invalidateQueries({ queryKey: ["events", trigger.id] }),
    ]);
  const run = useMutation({
    mutationFn: () => api<Run>("POST", `/api/triggers/${trigger.id}/run`),
    onSettled: refresh,
  });
  const toggle = useMutation({
    mutationFn: () => api("PUT", path, { active: !trigger.active }),
    onSettled: refresh,
  });
  const remove = async (more = ""): Promise<void> => {
    await api("DELETE", path + more);
    goTo("triggers");
    await queryClient.invalidateQueries({ queryKey: ["triggers"] });
  };
  const runWords =
    run.data && run.data.status === "ok" ? `${eventsWords(run.data.emitted ?? 0)} found.` : undefined;
  return (
    <>
      <PageHeading
        back={back}
        actions={
          <>
            <Button look="primary" busy={run.isPending} onClick={() => run.mutate()}>
              {run.isPending ? "Running…" : "Run now"}
            </Button>
            <Button busy={toggle.isPending} onClick={() => toggle.mutate()}>
              {trigger.active ? "Pause" : "Resume"}
            </Button>
            <UseInWorkflow trigger={trigger} />
            <a className="button plain" href={linkTo("triggers", trigger.id, "edit")}>
              Edit
            </a>
            <Button onClick={() => setDialog("rename")}>Rename</Button>
            <a className="button quiet" href={linkTo("triggers", "new", trigger.component_key, trigger.id)}>
              Duplicate
            </a>
            <Button look="quiet" onClick={() => setDialog("delete")}>
              Delete
            </Button>
          </>
        }
      >
        {trigger.name}
      </PageHeading>
      <div className="row facts-row">
        <TriggerBadge trigger={trigger} />
        <p className="facts">
          {accountName(trigger) && <span>{accountName(trigger)}</span>}
          <span>{scheduleOf(trigger)}</span>
          {trigger.active ? (
            trigger.next_run_at && (
              <span>
                next run <Time value={trigger.next_run_at} />
              </span>
            )
          ) : (
            <span>does not run until resumed</span>
          )}
        </p>
      </div>
      <p className="about" role="status">
        {runWords}
      </p>
      {[run, toggle].map(
        (job, at) =>
          job.error && (
            <Notice key={at} kind="error" title={at === 0 ? "The run could not be started" : "Not changed"}>
              {job.error.message}
            </Notice>
          ),
      )}
      {trigger.last_run?.status === "error" && (
        <Notice kind="error" title="The last run failed">
          <p className="prewrap">{runError(trigger.last_run)}</p>
          <p>The next run takes up the work again.</p>
        </Notice>
      )}
      <div className="columns">
        <EventList trigger={trigger} onRun={() => run.mutate()} running={run.isPending} />
        <div className="stack">
          <Receivers triggerId={trigger.id} />
          <TriggerRuns triggerId={trigger.id} />
          <Settings trigger={trigger} path={path} />
        </div>
      </div>
      {dialog === "rename" && <Rename trigger={trigger} path={path} onClose={() => setDialog(undefined)} />}
      {dialog === "delete" && (
        <Confirm
          title={`Delete ${trigger.name}?`}
          action="Delete trigger"
          onClose={() => setDialog(undefined)}
          onConfirm={() => remove()}
          anyway={{ action: "Delete anyway", onConfirm: () => remove("&ignore_hook_errors=true") }}
        >
          <p>
            It stops watching, and its {eventsWords(trigger.event_count ?? 0)} and its runs are removed from
            this host.
          </p>
        </Confirm>
      )}
    </>
  );
}

/** What the trigger was deployed with, in the words of its form. */
function Settings({ trigger, path }: { trigger: Trigger; path: string }) {
  const component = useComponent(trigger.component_key).data;
  const entries = Object.entries(trigger.configured_props ?? {}).flatMap(([name, value]) => {
    const prop = component?.configurable_props.find((one) => one.name === name) ?? { name, type: "string" };
    if (prop.type === "app" || prop.type === "$.interface.timer" || prop.hidden) return [];
    return [{ name, label: labelOf(prop), words: prop.secret ? "•••••" : valueWords(value) }];
  });
  const live = useStreamState();
  return (
    <section aria-labelledby="settings-heading">
      <h2 id="settings-heading">Settings</h2>
      <dl className="details">
        <div>
          <dt>Source</dt>
          <dd>{trigger.component_name ?? component?.name ?? trigger.component_key}</dd>
        </div>
        {trigger.endpoint_url && (
          <div>
            <dt>Address for requests</dt>
            <dd className="row">
              <code className="break">{trigger.endpoint_url}</code>
              <CopyButton text={() => trigger.endpoint_url ?? ""} />
            </dd>
          </div>
        )}
        {component?.configurable_props
          .filter((prop) => prop.type === "app")
          .map((prop) => (
            <TriggerAccount key={prop.name} trigger={trigger} prop={prop} path={path} />
          ))}
        {entries.map((entry) => (
          <div key={entry.name}>
            <dt>{entry.label}</dt>
            <dd className="prewrap">{entry.words}</dd>
          </div>
        ))}
        {trigger.created_at && (
          <div>
            <dt>Deployed</dt>
            <dd>
              <Time value={trigger.created_at} />
            </dd>
          </div>
        )}
      </dl>
      {live === "lost" && (
        <p className="about">The connection to the host is interrupted; it is tried again.</p>
      )}
    </section>
  );
}

function valueWords(value: unknown): string {
  if (isRecord(value) && "__lv" in value)
    return Array.isArray(value.__lv)
      ? value.__lv.map((one) => toLabelledValue(one).label).join(", ")
      : toLabelledValue(value).label;
  if (Array.isArray(value)) return value.map(valueWords).join(", ");
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return typeof value === "object" ? JSON.stringify(value, null, 2) : asText(value);
}

function Rename({ trigger, path, onClose }: { trigger: Trigger; path: string; onClose: () => void }) {
  const [name, setName] = useState(trigger.name);
  const rename = useMutation({
    mutationFn: () => api("PUT", path, { name: name.trim() }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["triggers"] });
      onClose();
    },
  });
  return (
    <Dialog title="Rename the trigger" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "" && !rename.isPending) rename.mutate();
        }}
      >
        <div className="field">
          <label className="label" htmlFor="new-name">
            Name
          </label>
          <input
            id="new-name"
            autoFocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </div>
        {rename.error && <Notice kind="error">{rename.error.message}</Notice>}
        <div className="row end">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={rename.isPending} disabled={name.trim() === ""}>
            Rename
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

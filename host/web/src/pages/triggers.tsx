import { useTriggers } from "../api/queries";
import type { Run, Trigger } from "../api/types";
import { scheduleInWords } from "../../../../components/prop-rules";
import { linkTo } from "../router";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Empty } from "../ui/empty";
import { Notice } from "../ui/notice";
import { PageHeading } from "../ui/page-heading";
import { Waiting } from "../ui/waiting";
import { Time } from "../ui/time";
import { FirstSteps } from "./first-steps";

export function TriggersPage() {
  const triggers = useTriggers();
  const create = (
    <a className="button primary" href={linkTo("triggers", "new")}>
      New trigger
    </a>
  );
  return (
    <>
      <PageHeading actions={triggers.data?.length ? create : undefined}>Triggers</PageHeading>
      <FirstSteps />
      {triggers.isPending && <Waiting>Loading the triggers…</Waiting>}
      {triggers.error && (
        <Notice
          kind="error"
          title="The triggers could not be loaded"
          actions={<Button onClick={() => void triggers.refetch()}>Try again</Button>}
        >
          {triggers.error.message}
        </Notice>
      )}
      {triggers.data?.length === 0 && (
        <Empty title="No trigger is deployed yet" actions={create}>
          A trigger watches for something new, on a schedule, and gives an event for each thing it finds.
        </Empty>
      )}
      <ul className="cards">
        {triggers.data?.map((trigger) => (
          <TriggerCard key={trigger.id} trigger={trigger} />
        ))}
      </ul>
    </>
  );
}

function TriggerCard({ trigger }: { trigger: Trigger }) {
  const failed = trigger.last_run?.status === "error";
  return (
    <li>
      <a className="card link" href={linkTo("triggers", trigger.id)}>
        <span className="row spread top">
          <span className="card-main">
            <span className="card-title">{trigger.name}</span>
            <span className="facts">
              {trigger.component_name && trigger.component_name !== trigger.name && (
                <span>{trigger.component_name}</span>
              )}
              {accountName(trigger) && <span>{accountName(trigger)}</span>}
              <span>{scheduleOf(trigger)}</span>
            </span>
          </span>
          <TriggerBadge trigger={trigger} />
        </span>
        <span className="facts">
          <span>
            {trigger.event_count ?? 0} {trigger.event_count === 1 ? "event" : "events"}
          </span>
          {trigger.last_run ? (
            <span>
              last run <Time value={trigger.last_run.started_at} />
            </span>
          ) : (
            <span>has not run yet</span>
          )}
          {trigger.active && trigger.next_run_at && (
            <span>
              next <Time value={trigger.next_run_at} />
            </span>
          )}
        </span>
        {failed && <span className="clip error-text">{runError(trigger.last_run!)}</span>}
      </a>
    </li>
  );
}

export function TriggerBadge({ trigger }: { trigger: Trigger }) {
  if (!trigger.active) return <Badge kind="off">Paused</Badge>;
  if (trigger.last_run?.status === "error") return <Badge kind="bad">Last run failed</Badge>;
  if (trigger.last_run?.status === "running") return <Badge kind="busy">Running</Badge>;
  return <Badge kind="good">Active</Badge>;
}

export function accountName(trigger: Trigger): string | undefined {
  return typeof trigger.account === "string" ? undefined : (trigger.account?.name ?? undefined);
}

/** When it runs, in words. */
export function scheduleOf(trigger: Trigger): string {
  return scheduleInWords(trigger.schedule) ?? "when called";
}

export function runError(run: Run): string {
  if (!run.error) return "The run failed without a message.";
  return typeof run.error === "string"
    ? run.error
    : (run.error.message ?? run.error.name ?? "The run failed.");
}

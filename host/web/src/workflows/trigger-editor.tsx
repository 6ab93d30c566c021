import { useEffect } from "react";
import { useMutation } from "@tanstack/react-query";
import { useAccounts, useComponent } from "../api/queries";
import type { Account, Component } from "../api/types";
import { TimerControl } from "../controls/timer-control";
import { scheduleOf, timerDraft, type TimerDraft } from "../controls/timer-draft";
import { usePropForm } from "../form/form-state";
import { PropFormView } from "../form/prop-form";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { Text } from "../ui/text";
import { Waiting } from "../ui/waiting";
import { sampleEvents } from "./api";
import type { Trigger } from "./definition";
import { valuesForFile, valuesForForm } from "./prop-values";
import type { SampleEvent } from "./types";
import { useState } from "react";

export interface TriggerEditorProps {
  trigger: Trigger;
  /** Of an HTTP trigger that is published. */
  endpoint: string | undefined;
  onChange: (change: Partial<Trigger>) => void;
  onSamples: (events: SampleEvent[]) => void;
}

/** What starts the workflow, by its kind. */
export function TriggerEditor(props: TriggerEditorProps) {
  if (props.trigger.uses === "http") return <HttpTrigger {...props} />;
  if (props.trigger.uses === "schedule") return <ScheduleTrigger {...props} />;
  return <SourceTrigger {...props} />;
}

function HttpTrigger({ trigger, endpoint, onChange }: TriggerEditorProps) {
  return (
    <div className="stack">
      {endpoint === undefined ? (
        <Notice kind="neutral">Its address is made when the workflow is published.</Notice>
      ) : (
        <div className="field">
          <span className="label">Address for requests</span>
          <span className="row">
            <code className="break">{endpoint}</code>
            <CopyButton text={() => endpoint} />
          </span>
        </div>
      )}
      <Field label="Answer">
        {(ids) => (
          <select
            {...ids}
            value={trigger.response ?? "on_receipt"}
            onChange={(event) =>
              onChange({
                response: event.currentTarget.value === "from_workflow" ? "from_workflow" : "on_receipt",
              })
            }
          >
            <option value="on_receipt">at once, with the number of the run</option>
            <option value="from_workflow">what a step gives with $.respond</option>
          </select>
        )}
      </Field>
    </div>
  );
}

function ScheduleTrigger({ trigger, onChange }: TriggerEditorProps) {
  const [draft, setDraft] = useState<TimerDraft>(() => timerDraft(trigger.props));
  return (
    <Field label="Schedule" description="When a run starts.">
      {(ids) => (
        <TimerControl
          ids={ids}
          draft={draft}
          onChange={(next) => {
            setDraft(next);
            onChange({ props: scheduleOf(next) });
          }}
        />
      )}
    </Field>
  );
}

function SourceTrigger(props: TriggerEditorProps) {
  const key = props.trigger.uses.split("@")[0];
  const component = useComponent(key, "triggers");
  const accounts = useAccounts();
  if (component.error)
    return (
      <Notice kind="error" title="This source is not here">
        {component.error.message}
      </Notice>
    );
  if (!component.data || !accounts.data) return <Waiting>Loading the source…</Waiting>;
  return <SourceForm {...props} key={key} component={component.data} accounts={accounts.data} />;
}

function SourceForm({
  component,
  accounts,
  trigger,
  onChange,
  onSamples,
}: TriggerEditorProps & { component: Component; accounts: Account[] }) {
  const form = usePropForm(component, {
    name: "workflow trigger",
    values: valuesForForm(trigger.props, component.configurable_props, accounts),
    takesExpressions: true,
  });
  const text = JSON.stringify(valuesForFile(form.values, form.props, accounts));
  useEffect(() => {
    if (text !== JSON.stringify(trigger.props ?? {}))
      onChange({ props: JSON.parse(text) as Record<string, unknown> });
  }, [text]);
  const samples = useMutation({
    mutationFn: () => sampleEvents(trigger.uses, form.configured),
    onSuccess: onSamples,
    onError: form.refuse,
  });
  return (
    <>
      {component.description && <Text className="lead">{component.description}</Text>}
      <PropFormView
        form={form}
        submitLabel="Find recent events"
        busyLabel="Looking for events…"
        busy={samples.isPending}
        onSubmit={() => samples.mutate()}
      >
        {samples.error && (
          <Notice kind="error" title="No events could be found" reveal>
            <p className="prewrap">{samples.error.message}</p>
          </Notice>
        )}
        {samples.data?.length === 0 && (
          <Notice kind="info" actions={<Button onClick={() => samples.mutate()}>Look again</Button>}>
            The source found no recent event. Change something that it watches, or write an event by hand with
            “Choose event”.
          </Notice>
        )}
        {samples.data && samples.data.length > 0 && (
          <Notice kind="success">
            {samples.data.length === 1 ? "One event was found" : `${samples.data.length} events were found`}.
            The newest is chosen for tests; “Choose event” takes another.
          </Notice>
        )}
      </PropFormView>
    </>
  );
}

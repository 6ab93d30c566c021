import { useMutation } from "@tanstack/react-query";
import { runAction } from "../api/components";
import { useComponent } from "../api/queries";
import type { Component } from "../api/types";
import { usePropForm, type PropForm } from "../form/form-state";
import { PropFormView } from "../form/prop-form";
import { linkTo } from "../router";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { PageHeading } from "../ui/page-heading";
import { Text } from "../ui/text";
import { Waiting } from "../ui/waiting";
import { ActionResult } from "./action-result";
import { ComponentList } from "./component-list";
import { CopyAs } from "./copy-as";

export function ActionsPage() {
  return (
    <>
      <PageHeading>Actions</PageHeading>
      <ComponentList kind="actions" noun="action" linkParts={["actions"]} />
    </>
  );
}

export function ActionPage({ componentKey }: { componentKey: string }) {
  const component = useComponent(componentKey, "actions");
  return (
    <>
      <PageHeading
        back={
          <a className="back" href={linkTo("actions")}>
            ← Actions
          </a>
        }
      >
        {component.data?.name ?? "Action"}
      </PageHeading>
      {component.isPending && <Waiting>Loading the action…</Waiting>}
      {component.error && (
        <Notice kind="error" actions={<Button onClick={() => void component.refetch()}>Try again</Button>}>
          {component.error.message}
        </Notice>
      )}
      {component.data && <RunForm key={componentKey} component={component.data} />}
    </>
  );
}

function RunForm({ component }: { component: Component }) {
  const form = usePropForm(component, { name: "run" });
  const run = useMutation({
    mutationFn: () => runAction(component.key, form.configured, form.dynamicPropsId),
    onError: form.refuse,
  });
  return (
    <>
      {component.description && <Text className="lead">{component.description}</Text>}
      <div className="columns">
        <section aria-label="Settings">
          <PropFormView
            form={form}
            submitLabel={run.data || run.error ? "Run again" : "Run"}
            busyLabel="Running…"
            busy={run.isPending}
            onSubmit={() => run.mutate()}
            extra={<Consequences form={form} />}
          >
            <CopyAs form={form} />
          </PropFormView>
        </section>
        <section aria-label="Result" className="result">
          <ActionResult run={run} root={stepOf(component.key)} />
        </section>
      </div>
    </>
  );
}

/** What the action may do to data, as it is set now: an action that only shows what it would do says so. */
function Consequences({ form }: { form: PropForm }) {
  const { destructiveHint, readOnlyHint } = form.component.annotations ?? {};
  if (!destructiveHint || readOnlyHint) return null;
  const dryRun = form.props.find((prop) => prop.type === "boolean" && /^dry_?run$/i.test(prop.name));
  if (dryRun && form.draft(dryRun) === true)
    return (
      <Notice kind="info">
        {form.labelOf(dryRun)} is on: the action shows what it would do and changes nothing.
      </Notice>
    );
  return <Notice kind="warning">This action can overwrite or delete data. It runs for real.</Notice>;
}

/** How a workflow would name this step, in the paths that are copied. */
const stepOf = (key: string): string => `steps.${key.replace(/\W+/g, "_")}`;

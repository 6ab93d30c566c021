import { useMutation } from "@tanstack/react-query";
import { api, externalUserId, projectPath } from "../api/http";
import { queryClient, useComponent, useDeployedTrigger } from "../api/queries";
import type { Component, DeployedTrigger } from "../api/types";
import { usePropForm } from "../form/form-state";
import { PropFormView } from "../form/prop-form";
import { goTo, linkTo } from "../router";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { PageHeading } from "../ui/page-heading";
import { Waiting } from "../ui/waiting";

/** The settings of a deployed trigger, in the form it was deployed with. Its events and its state stay. */
export function EditTriggerPage({ id }: { id: string }) {
  const trigger = useDeployedTrigger(id);
  const component = useComponent(trigger.data?.component_key, "triggers");
  const error = trigger.error ?? component.error;
  return (
    <>
      <PageHeading
        back={
          <a className="back" href={linkTo("triggers", id)}>
            ← {trigger.data?.name ?? "Trigger"}
          </a>
        }
      >
        {trigger.data ? `Edit ${trigger.data.name}` : "Edit trigger"}
      </PageHeading>
      {error && (
        <Notice
          kind="error"
          actions={
            <Button onClick={() => void (trigger.error ? trigger : component).refetch()}>Try again</Button>
          }
        >
          {error.message}
        </Notice>
      )}
      {!error && !(trigger.data && component.data) && <Waiting>Loading the settings…</Waiting>}
      {trigger.data && component.data && (
        <EditForm key={id} trigger={trigger.data} component={component.data} />
      )}
    </>
  );
}

function EditForm({ trigger, component }: { trigger: DeployedTrigger; component: Component }) {
  const form = usePropForm(
    { ...component, configurable_props: trigger.configurable_props },
    { name: `edit ${trigger.id}`, values: trigger.configured_props },
  );
  const save = useMutation({
    mutationFn: () =>
      api("PUT", `${projectPath}/deployed-triggers/${trigger.id}?external_user_id=${externalUserId}`, {
        configured_props: form.configured,
      }),
    onError: form.refuse,
    onSuccess: async () => {
      form.clear();
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ["triggers"] }),
        queryClient.invalidateQueries({ queryKey: ["deployed-trigger", trigger.id] }),
      ]);
      goTo("triggers", trigger.id);
    },
  });
  return (
    <div className="narrow stack">
      <PropFormView
        form={form}
        submitLabel="Save"
        busyLabel="Saving…"
        busy={save.isPending}
        onSubmit={() => save.mutate()}
        extra={
          <Notice kind="neutral">
            Saving waits for a run that is under way, then the trigger is deactivated and activated with the
            new settings. Its events stay, and what it has already seen stays known.
          </Notice>
        }
      >
        {save.error && (
          <Notice kind="error" title="The settings were not changed" reveal>
            <p className="prewrap">{save.error.message}</p>
            <p>The trigger goes on with the settings from before. What you entered is still here.</p>
          </Notice>
        )}
      </PropFormView>
    </div>
  );
}

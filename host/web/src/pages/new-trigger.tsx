import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, externalUserId, projectPath } from "../api/http";
import { queryClient, useComponent, useDeployedTrigger } from "../api/queries";
import type { Component, DeployedTrigger } from "../api/types";
import { usePropForm } from "../form/form-state";
import { PropFormView } from "../form/prop-form";
import { goTo, linkTo } from "../router";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { PageHeading } from "../ui/page-heading";
import { Text } from "../ui/text";
import { Waiting } from "../ui/waiting";
import { ComponentList } from "./component-list";
import { SampleEvents } from "./sample-events";

const backToTriggers = (
  <a className="back" href={linkTo("triggers")}>
    ← Triggers
  </a>
);

export function ChooseTriggerPage() {
  return (
    <>
      <PageHeading back={backToTriggers}>New trigger</PageHeading>
      <ComponentList kind="triggers" noun="source" linkParts={["triggers", "new"]} />
    </>
  );
}

/** The form that deploys a source. With `copyOf` it begins with the settings of that trigger. */
export function NewTriggerPage({ componentKey, copyOf }: { componentKey: string; copyOf?: string }) {
  const component = useComponent(componentKey, "triggers");
  const original = useDeployedTrigger(copyOf);
  return (
    <>
      <PageHeading
        back={
          <a className="back" href={linkTo("triggers", "new")}>
            ← All sources
          </a>
        }
      >
        {component.data?.name ?? "New trigger"}
      </PageHeading>
      {component.isPending && <Waiting>Loading the source…</Waiting>}
      {component.error && (
        <Notice kind="error" actions={<Button onClick={() => void component.refetch()}>Try again</Button>}>
          {component.error.message}
        </Notice>
      )}
      {original.error && <Notice kind="error">{original.error.message}</Notice>}
      {component.data && (copyOf === undefined || original.data) && (
        <DeployForm key={componentKey} component={component.data} original={original.data} />
      )}
    </>
  );
}

function DeployForm({
  component,
  original,
}: {
  component: Component;
  original: DeployedTrigger | undefined;
}) {
  const form = usePropForm(
    original ? { ...component, configurable_props: original.configurable_props } : component,
    original ? { name: `copy ${original.id}`, values: withoutSecrets(original) } : { name: "deploy" },
  );
  const [name, setName] = useState(original ? `${original.name} (copy)` : "");
  const [emitOnDeploy, setEmitOnDeploy] = useState(true);
  const deploy = useMutation({
    mutationFn: async () => {
      const answer = await api<{ data: { id: string } }>("POST", `${projectPath}/triggers/deploy`, {
        id: component.key,
        external_user_id: externalUserId,
        configured_props: form.configured,
        emit_on_deploy: emitOnDeploy,
        ...(form.dynamicPropsId ? { dynamic_props_id: form.dynamicPropsId } : {}),
      });
      const { id } = answer.data;
      // The trigger stands already; a name that cannot be set must not look like a failed deployment.
      if (name.trim() !== "")
        await api("PUT", `${projectPath}/deployed-triggers/${id}?external_user_id=${externalUserId}`, {
          name: name.trim(),
        }).catch(() => undefined);
      return id;
    },
    onError: form.refuse,
    onSuccess: async (id) => {
      form.clear();
      await queryClient.invalidateQueries({ queryKey: ["triggers"] });
      goTo("triggers", id);
    },
  });
  return (
    <div className="narrow stack">
      {component.description && <Text className="lead">{component.description}</Text>}
      <PropFormView
        form={form}
        submitLabel="Deploy"
        busyLabel="Deploying…"
        busy={deploy.isPending}
        onSubmit={() => deploy.mutate()}
        extra={
          <>
            <div className="field">
              <label className="label" htmlFor="trigger-name">
                Trigger name <span className="optional">optional</span>
              </label>
              <input
                id="trigger-name"
                autoComplete="off"
                placeholder={component.name}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            </div>
            <label className="choice">
              <input
                type="checkbox"
                checked={emitOnDeploy}
                onChange={(event) => setEmitOnDeploy(event.currentTarget.checked)}
              />
              Begin with some recent events, to see what they look like
            </label>
          </>
        }
      >
        <SampleEvents form={form} />
        {deploy.isPending && (
          <p className="about" role="status">
            The source checks its settings and looks for recent events. This can take some seconds.
          </p>
        )}
        {deploy.error && (
          <Notice kind="error" title="The trigger was not deployed" reveal>
            <p className="prewrap">{deploy.error.message}</p>
            <p>Nothing was kept on the host. What you entered is still here.</p>
          </Notice>
        )}
      </PropFormView>
    </div>
  );
}

/** The settings of a trigger for another one: secrets are shown to nobody, so they are entered again. */
function withoutSecrets({ configurable_props, configured_props }: DeployedTrigger): Record<string, unknown> {
  const secret = new Set(configurable_props.filter((prop) => prop.secret).map((prop) => prop.name));
  return Object.fromEntries(Object.entries(configured_props).filter(([name]) => !secret.has(name)));
}

import { useMutation } from "@tanstack/react-query";
import { queryClient, useAccounts, useDeployedTrigger } from "../api/queries";
import type { Trigger } from "../api/types";
import { goTo } from "../router";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { createDraft } from "../workflows/api";
import { valuesForFile } from "../workflows/prop-values";

/** Makes a draft of a workflow that starts as this trigger does. */
export function UseInWorkflow({ trigger }: { trigger: Trigger }) {
  const accounts = useAccounts();
  const deployed = useDeployedTrigger(trigger.id);
  const create = useMutation({
    mutationFn: async () => {
      if (!accounts.data || !deployed.data)
        throw accounts.error ?? deployed.error ?? new Error("Not loaded.");
      const { configurable_props, configured_props } = deployed.data;
      // Secrets are shown to nobody, so they are entered again.
      const secret = new Set(configurable_props.filter((prop) => prop.secret).map((prop) => prop.name));
      const open = Object.entries(configured_props).filter(([name]) => !secret.has(name));
      return createDraft({
        definition: {
          name: `${trigger.name} workflow`,
          triggers: [
            {
              uses: trigger.component_key,
              props: valuesForFile(Object.fromEntries(open), configurable_props, accounts.data),
            },
          ],
          steps: [],
        },
      });
    },
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ["workflows"] });
      goTo("workflows", id);
    },
  });
  return (
    <>
      <Button
        busy={create.isPending || accounts.isPending || deployed.isPending}
        onClick={() => create.mutate()}
      >
        Use in a workflow
      </Button>
      {create.error && <Notice kind="error">{create.error.message}</Notice>}
    </>
  );
}

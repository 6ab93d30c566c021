import { HostError } from "../errors";
import { refuseBadProps, type Configured, type Execution } from "../execution/execution";
import type { Catalogue } from "../execution/component-registry";
import type { ComponentError } from "../execution/protocol";
import type { Sealer } from "../encryption";
import { configuredIn, dynamicIn, type TriggerRow } from "./trigger-rows";
import { scheduleOf } from "./schedule";
import { maskSecretProps, openSecretProps, sealSecretProps } from "./secret-props";

/** What a trigger was configured with, as it is stored. */
export type Settings = Pick<TriggerRow, "configured_props" | "dynamic_props" | "schedule">;

export interface SettingsParts {
  catalogue: Catalogue;
  execution: Execution;
  sealer: Sealer;
}

/**
 * Checks what a trigger shall be configured with. Secret values are stored encrypted, those of dynamic props too.
 *
 * @param kept the same values, where some are encrypted already.
 * @throws HostError 400 naming each prop that is missing or wrong.
 */
export async function settingsFor(
  { execution, sealer }: SettingsParts,
  configured: Configured,
  kept: Record<string, unknown> = configured.configuredProps,
): Promise<Settings> {
  const { component, user, configuredProps } = configured;
  const dynamicProps = await dynamicPropsOf(execution, configured);
  const props = dynamicProps ?? component.props;
  const schedule = scheduleOf(props, configuredProps);
  await execution.check({ component, user, configuredProps, dynamicProps });
  return {
    configured_props: JSON.stringify(sealSecretProps(props, kept, {}, sealer)),
    dynamic_props: dynamicProps ? JSON.stringify(dynamicProps) : null,
    schedule: schedule ? JSON.stringify(schedule) : null,
  };
}

/** The settings of a trigger after a change of its props; undefined when they are the ones it has. */
export async function changedSettings(
  parts: SettingsParts,
  row: TriggerRow,
  given: Record<string, unknown> | undefined,
): Promise<Settings | undefined> {
  const stored = configuredIn(row);
  if (given === undefined || JSON.stringify(given) === JSON.stringify(maskSecretProps(stored)))
    return undefined;
  const component = await parts.catalogue.component(row.component_key);
  if (!component) throw new HostError(400, `The source ${row.component_key} is no longer installed.`);
  const known = [...component.props, ...(dynamicIn(row) ?? [])];
  const kept = sealSecretProps(known, given, stored, parts.sealer);
  const configuredProps = openSecretProps(kept, parts.sealer);
  return settingsFor(parts, { component, user: row.external_user_id, configuredProps }, kept);
}

/** What a hook or a form answered, as a refusal of the request. */
export function hookError(error: ComponentError): HostError {
  try {
    refuseBadProps(error);
  } catch (refusal) {
    return refusal as HostError;
  }
  return new HostError(400, error.message, { name: error.name });
}

async function dynamicPropsOf(
  execution: Execution,
  configured: Configured,
): Promise<Configured["dynamicProps"]> {
  if (!configured.component.hasAdditionalProps || configured.dynamicProps) return configured.dynamicProps;
  const { props, error } = await execution.dynamicProps(configured);
  if (error) throw hookError(error);
  return props;
}

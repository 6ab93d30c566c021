import { HostError } from "../errors";
import { refuseBadProps, type Configured, type Execution } from "../execution/execution";
import type { ComponentRegistry } from "../execution/component-registry";
import { asText } from "../../../components/prop-rules";
import type { ComponentError, ConfigurableProp } from "../execution/protocol";
import type { Encryption } from "../encryption";
import type { TriggerRow } from "../db/schema";
import { accountIn, configuredIn, dynamicIn } from "./trigger-rows";
import { schedulesOf } from "./schedule";
import { startOf } from "./timers";
import { decryptSecretProps, encryptSecretProps, maskSecretProps, refuseStoredForm } from "./secret-props";

/** What a trigger was configured with, as it is stored. */
export type Settings = Pick<
  TriggerRow,
  "configured_props" | "dynamic_props" | "schedule" | "timers" | "account_id"
>;

export interface SettingsServices {
  registry: ComponentRegistry;
  execution: Execution;
  encryption: Encryption;
}

/**
 * Checks what a trigger shall be configured with. Secret values are stored encrypted, those of dynamic props too.
 *
 * @param id of the trigger, which secrets are bound to.
 * @param kept the same values, where some are encrypted already.
 * @throws HostError 400 naming each prop that is missing or wrong.
 */
export async function settingsFor(
  { execution, encryption }: SettingsServices,
  id: string,
  configured: Configured,
  kept: Record<string, unknown> = configured.configuredProps,
): Promise<Settings> {
  const { component, user, configuredProps } = configured;
  refuseStoredForm(configuredProps);
  const dynamicProps = await dynamicPropsOf(execution, configured);
  const props = dynamicProps ?? component.props;
  refuseAppHooks(component.name, props);
  const schedules = schedulesOf(props, configuredProps);
  await execution.check({ component, user, configuredProps, dynamicProps });
  return {
    configured_props: JSON.stringify(encryptSecretProps(props, kept, {}, id, encryption)),
    dynamic_props: dynamicProps ? JSON.stringify(dynamicProps) : null,
    ...startOf(schedules),
    account_id: accountIn(configuredProps) ?? null,
  };
}

/** The settings of a trigger after a change of its props; undefined when they are the ones it has. */
export async function changedSettings(
  services: SettingsServices,
  row: TriggerRow,
  given: Record<string, unknown> | undefined,
): Promise<Settings | undefined> {
  const stored = configuredIn(row);
  if (given === undefined || JSON.stringify(given) === JSON.stringify(maskSecretProps(stored)))
    return undefined;
  refuseStoredForm(given);
  const component = await services.registry.component(row.component_key);
  if (!component) throw new HostError(400, `The source ${row.component_key} is no longer installed.`);
  const known = [...component.props, ...(dynamicIn(row) ?? [])];
  const kept = encryptSecretProps(known, given, stored, row.id, services.encryption);
  const configuredProps = decryptSecretProps(kept, row.id, services.encryption);
  return settingsFor(services, row.id, { component, user: row.external_user_id, configuredProps }, kept);
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

/** A source that only its app's platform could start would never emit. @throws HostError 400 */
function refuseAppHooks(name: string, props: ConfigurableProp[]): void {
  const hook = props.find(({ type }) => type === "$.interface.apphook");
  if (!hook || props.some(({ type }) => type === "$.interface.timer" || type === "$.interface.http")) return;
  const message = `waits for events that ${asText(hook.appProp) || "its app"} sends to the platform itself`;
  throw new HostError(
    400,
    `${name} cannot be deployed here: its prop "${hook.name}" ${message} ($.interface.apphook). No such events reach this host, so the source would never emit. Choose a source of the same app with a webhook or a timer.`,
    { problems: [{ prop: hook.name, message: `${message}, which do not reach this host` }] },
  );
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

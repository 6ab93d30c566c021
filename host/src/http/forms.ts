import { z } from "zod";
import { filterAsks } from "../../../components/filter";
import { HostError } from "../errors";
import type { Configured } from "../execution/execution";
import type { Services } from "./services";
import type { ComponentError, LogEntry } from "../execution/protocol";
import { userOf } from "./access";
import { callers } from "./callers";
import { componentByKey, refuseOtherVersion } from "./components";
import { configuredProps, id, searchWords } from "./schemas";
import type { HostApp } from "./zod-routes";

/** A component with its props, as the Connect API names it. */
export const configuredBody = z.object({
  id,
  version: z.string().max(100).nullish(),
  external_user_id: z.string().max(250).optional(),
  configured_props: configuredProps.default({}),
  dynamic_props_id: z.string().max(300).nullish(),
});
const configureBody = configuredBody.extend({
  prop_name: z.string().max(200),
  page: z.coerce.number().int().min(0).optional(),
  prev_context: z.record(z.string(), z.unknown()).nullish(),
  query: searchWords.nullish(),
});
const filterBody = configuredBody.extend({
  prop_name: z.string().max(200),
  ask: z.enum(filterAsks),
  column: z.string().max(500).default(""),
  query: searchWords.default(""),
  filter: z.string().max(50_000).default(""),
});
const signedIn = { callers: callers.signedIn };

/** What a form asks while it is filled: the choices of a prop, what its filter may be made of, and the props that depend on others. */
export function formRoutes(app: HostApp, services: Services): void {
  const { execution } = services;
  for (const [path, type] of [
    ["components", undefined],
    ["actions", "action"],
    ["triggers", "source"],
  ] as const) {
    app.post(`/${path}/configure`, { config: signedIn, schema: { body: configureBody } }, async (request) => {
      const { body } = request;
      const target = await configuredOf(services, body, userOf(request, body.external_user_id), type);
      const { result, error, logs } = await execution.options(target, {
        prop: body.prop_name,
        page: body.page ?? 0,
        prevContext: body.prev_context ?? {},
        query: body.query ?? undefined,
      });
      return {
        options: null,
        stringOptions: null,
        context: null,
        ...(result as object | undefined),
        ...faults(error, logs),
      };
    });

    app.post(`/${path}/filter`, { config: signedIn, schema: { body: filterBody } }, async (request) => {
      const { prop_name, ask, column, query, filter, ...body } = request.body;
      const target = await configuredOf(services, body, userOf(request, body.external_user_id), type);
      const { result, error, logs } = await execution.filter(target, {
        prop: prop_name,
        ask,
        request: { column, query, filter },
      });
      return { filter: null, ...(result as object | undefined), ...faults(error, logs) };
    });

    app.post(`/${path}/props`, { config: signedIn, schema: { body: configuredBody } }, async (request) => {
      const { body } = request;
      const target = await configuredOf(services, body, userOf(request, body.external_user_id), type);
      if (!target.component.hasAdditionalProps)
        throw new HostError(400, `${target.component.key} has no props that depend on others.`);
      const { id, props, error, logs } = await execution.dynamicProps(target);
      return {
        ...(props ? { dynamicProps: { id, configurableProps: props } } : {}),
        ...faults(error, logs),
      };
    });
  }
}

/** The component a request names, with its props. */
export async function configuredOf(
  services: Services,
  body: z.infer<typeof configuredBody>,
  user: string,
  type?: "action" | "source",
): Promise<Configured> {
  const component = await componentByKey(services, body.id, type);
  refuseOtherVersion(component, body.version);
  return {
    component,
    user,
    configuredProps: body.configured_props,
    dynamicProps: await services.execution.keptDynamicProps(
      body.dynamic_props_id ?? undefined,
      user,
      component.key,
    ),
  };
}

/** Errors as the Connect API gives them, for the form to show: never a 5xx, which its clients would repeat. */
function faults(
  error: ComponentError | undefined,
  logs: LogEntry[],
): { observations: Record<string, unknown>[]; errors: string[] } {
  return {
    observations: observationsOf(error, logs),
    errors: error ? [JSON.stringify({ name: error.name, message: error.message })] : [],
  };
}

/** Logs and the error of a run, in the order of their time. */
export function observationsOf(
  error: ComponentError | undefined,
  logs: LogEntry[],
): Record<string, unknown>[] {
  const observations: Record<string, unknown>[] = logs.map((entry) => ({ k: "log", ...entry }));
  if (error)
    observations.push({
      k: "error",
      ts: Date.now(),
      err: {
        name: error.name,
        message: error.message,
        ...(error.stack ? { stack: error.stack } : {}),
      },
    });
  return observations;
}

import type { CallToolResult, Tool } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { toLabelledValue } from "../../../components/prop-rules";
import { HostError } from "../errors";
import type { RegisteredComponent } from "../execution/component-registry";
import type { Execution } from "../execution/execution";
import { nearest } from "../execution/nearest";
import type { ActionRuns, CallerFacts } from "../action-runs/action-runs";
import { annotationsOf, callAction, RUN_OUTPUT, type ToolOptions } from "./action-tools";
import type { ActionCalls } from "./call-action";
import { confirmationOf, dryRunProp } from "./hints";
import { inputSchema, plain, cut } from "./input-schema";
import type { Offer } from "./offer";
import { partOf } from "./read-result";
import { searchActions } from "./search-actions";
import { toolName } from "./tool-names";
import { answered, type OfferedTool, type ToolCall } from "./tool";

export interface HelperServices {
  calls: ActionCalls;
  runs: ActionRuns;
  execution: Execution;
}

/** Whose session it is, and what it may use. */
export interface Session {
  caller: CallerFacts;
  offer: Offer;
  account?: string | undefined;
  options(): Promise<ToolOptions>;
}

const MOST_CHOICES = 50;
const readOnly = { readOnlyHint: true, openWorldHint: false };
const anything = z.record(z.string(), z.unknown()).default({});

/** The tools that stand beside or in place of those of the actions. */
export function helperTools(session: Session, services: HelperServices): OfferedTool[] {
  const bySearch = session.offer.mode === "search";
  return [
    ...(bySearch ? [searchTool(session)] : []),
    describeTool(session, services),
    ...(bySearch ? [runTool(session, services)] : []),
    choicesTool(session, services),
    readTool(session, services),
  ];
}

/** A tool whose input is checked by a schema, from which its JSON Schema is made. */
function offered<Schema extends z.ZodObject>(
  tool: Omit<Tool, "inputSchema">,
  schema: Schema,
  call: (input: z.output<Schema>, call: ToolCall) => Promise<CallToolResult>,
): OfferedTool {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: "input" }) as Record<string, unknown>;
  return {
    tool: { ...tool, inputSchema: json as Tool["inputSchema"] },
    call: (given) => {
      const read = schema.safeParse(given.input);
      if (!read.success)
        throw new HostError(
          400,
          read.error.issues
            .map(({ path, message }) => `${path.join(".") || "The input"}: ${message}`)
            .join("; "),
        );
      return call(read.data, given);
    },
  };
}

function searchTool({ offer }: Session): OfferedTool {
  return offered(
    {
      name: "search_actions",
      title: "Search Actions",
      description: `Finds actions to run, by words for what shall be done, such as "create incident". ${offer.actions.size} actions are offered here.`,
      annotations: readOnly,
    },
    z.strictObject({
      query: z.string().max(500).describe("Words; empty lists all."),
      offset: z.int().min(0).max(100_000).default(0),
    }),
    ({ query, offset }) => Promise.resolve(answered({ ...searchActions(offer.actions, query, offset) })),
  );
}

function describeTool(session: Session, { calls, execution }: HelperServices): OfferedTool {
  return offered(
    {
      name: "describe_action",
      title: "Describe Action",
      description:
        "What an action does and the JSON Schema of its arguments. With the arguments known so far, such as a table, also those that depend on them.",
      annotations: readOnly,
    },
    z.strictObject({ action: z.string().max(300), arguments: anything }),
    async ({ action, arguments: input }) => {
      const [name, component] = chosen(session.offer, action);
      const options = await session.options();
      const props = await dependentProps(session, component, input, { calls, execution });
      return answered({
        action: name,
        name: component.name,
        description: plain(component.description),
        ...annotationsOf(component),
        ...(dryRunProp(component) ? { dry_run: dryRunProp(component) } : {}),
        ...(confirmationOf(component) ? { confirmation: confirmationOf(component) } : {}),
        input_schema: inputSchema(component, {
          accounts: options.accounts,
          ...(options.account === undefined ? {} : { account: options.account }),
          ...(props ? { props } : {}),
        }),
      });
    },
  );
}

/** The props for these arguments, where some depend on others and any are given. */
async function dependentProps(
  { caller, account }: Session,
  component: RegisteredComponent,
  input: Record<string, unknown>,
  { calls, execution }: Pick<HelperServices, "calls" | "execution">,
): Promise<RegisteredComponent["props"] | undefined> {
  if (!component.hasAdditionalProps || Object.keys(input).length === 0) return undefined;
  const configuredProps = await calls.configured({ component, input, caller, account });
  const { props, error } = await execution.dynamicProps({ component, user: caller.user, configuredProps });
  if (error) throw new HostError(422, error.message);
  return props;
}

function runTool(session: Session, { calls }: HelperServices): OfferedTool {
  return offered(
    {
      name: "run_action",
      title: "Run Action",
      description: "Runs an action that search_actions found, with the arguments that describe_action tells.",
      annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
      outputSchema: RUN_OUTPUT,
    },
    z.strictObject({ action: z.string().max(300), arguments: anything }),
    ({ action, arguments: input }, { signal, onLog }) => {
      const [name, component] = chosen(session.offer, action);
      const { caller, account } = session;
      return callAction(calls, name, { component, input, caller, account, signal, onLog });
    },
  );
}

function choicesTool(session: Session, { calls, execution }: HelperServices): OfferedTool {
  return offered(
    {
      name: "find_choices",
      title: "Find Choices",
      description:
        "Finds values for an argument that takes a reference, such as a table, a record or a person: value and label.",
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    z.strictObject({
      action: z.string().max(300),
      argument: z.string().max(200),
      query: z.string().max(500).optional().describe("Words the label holds."),
      arguments: anything.describe("Those known so far."),
      page: z.int().min(0).max(10_000).default(0),
      context: z.record(z.string(), z.unknown()).optional().describe("From the page before."),
    }),
    async ({ action, argument, query, arguments: input, page, context }) => {
      const [, component] = chosen(session.offer, action);
      const { caller, account } = session;
      const configuredProps = await calls.configured({ component, input, caller, account });
      const { result, error } = await execution.options(
        { component, user: caller.user, configuredProps },
        { prop: argument, page, prevContext: context ?? {}, ...(query === undefined ? {} : { query }) },
      );
      if (error) throw new HostError(422, error.message);
      return answered(choicePage(result, query, page));
    },
  );
}

/** The choices of a page in one form. A component that cannot search gives all; those without the words are left out here. */
function choicePage(result: unknown, query: string | undefined, page: number): Record<string, unknown> {
  const { options, stringOptions, context } = (result ?? {}) as Record<string, unknown>;
  const all = [options, stringOptions].find(Array.isArray)?.map(toLabelledValue) ?? [];
  const words = (query ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const holds = all.filter(({ label, value }) =>
    words.every((word) => `${label} ${String(value)}`.toLowerCase().includes(word)),
  );
  const found = holds.length > 0 ? holds : all;
  return {
    choices: found.slice(0, MOST_CHOICES),
    ...(found.length > MOST_CHOICES ? { more: found.length - MOST_CHOICES } : {}),
    ...(all.length > 0 ? { next: { page: page + 1, ...(context ? { context } : {}) } } : {}),
  };
}

function readTool({ caller }: Session, { runs }: HelperServices): OfferedTool {
  return offered(
    {
      name: "read_result",
      title: "Read Result",
      description: "Reads more of a result that was cut. Results are kept for a day.",
      annotations: readOnly,
    },
    z.strictObject({
      run_id: z.string().max(300),
      path: z.string().max(2000).default("").describe("JSON Pointer of the place; empty for the whole."),
      offset: z.int().min(0).default(0),
    }),
    async ({ run_id, path, offset }) => {
      const result = runs.resultOf(await runs.get(run_id, caller.user));
      if (result === undefined)
        throw new HostError(
          404,
          `The run ${run_id} has no result, or it is older than a day. Run the action again.`,
        );
      try {
        return answered({ ...partOf(result, path, offset) });
      } catch (error) {
        if (error instanceof RangeError) throw new HostError(400, error.message);
        throw error;
      }
    },
  );
}

/** @throws HostError 404 that lists near names. */
function chosen({ actions }: Offer, name: string): [string, RegisteredComponent] {
  const component = actions.get(name) ?? actions.get(toolName(name));
  if (component) return [toolName(component.key), component];
  const near = nearest(name, [...actions.keys()]);
  throw new HostError(
    404,
    `No action "${cut(name, 100)}" is offered here. ${near.length > 0 ? `Did you mean ${near.join(", ")}?` : ""} Actions that change something are offered with readOnly=false in the address.`,
  );
}

import type { CallToolResult, Tool } from "@modelcontextprotocol/sdk/types.js";
import { HostError } from "../errors";
import type { RegisteredComponent } from "../execution/component-registry";
import type { ActionCall, ActionCalls, CallAnswer } from "./call-action";
import { ANSWER_CHARACTERS, cutResult } from "./cut-result";
import { dryRunProp, hintsOf } from "./hints";
import { cut, inputSchema, plain, type Brevity } from "./input-schema";
import type { AccountRow } from "../db/schema";
import { answered, failed } from "./tool";

/** What one tool may take of a list, so that forty of them stay below 100 KB. */
const TOOL_BYTES = 2400;
const BREVITIES: (Brevity | undefined)[] = [
  undefined,
  { description: 160 },
  { description: 80 },
  { description: 40 },
  { description: 0 },
];
const SHORT_DESCRIPTION = 300;

/** What every run of an action answers. */
export const RUN_OUTPUT: Tool["outputSchema"] = {
  type: "object",
  properties: {
    run_id: { type: "string" },
    summary: { type: "string" },
    result: {},
    cut: { type: "array", items: { type: "object" } },
  },
  required: ["run_id"],
};

export interface ToolOptions {
  accounts: AccountRow[];
  account?: string | undefined;
}

/** An action as a tool, in as few words as its size asks for; `describe_action` has all of them. */
export function actionTool(
  name: string,
  component: RegisteredComponent,
  { accounts, account }: ToolOptions,
): Tool {
  const made = (brevity: Brevity | undefined): Tool => ({
    name,
    title: component.name,
    description: cut(plain(component.description), brevity && SHORT_DESCRIPTION),
    inputSchema: inputSchema(component, {
      accounts,
      ...(account === undefined ? {} : { account }),
      ...(brevity ? { brevity } : {}),
    }),
    annotations: annotationsOf(component),
  });
  let tool = made(undefined);
  for (const brevity of BREVITIES.slice(1)) {
    if (JSON.stringify(tool).length <= TOOL_BYTES) break;
    tool = made(brevity);
  }
  return tool;
}

export function annotationsOf(component: RegisteredComponent): NonNullable<Tool["annotations"]> {
  const { readOnly, destructive, idempotent, openWorld } = hintsOf(component);
  return {
    readOnlyHint: readOnly,
    ...(readOnly ? {} : { destructiveHint: destructive, idempotentHint: idempotent }),
    openWorldHint: openWorld,
  };
}

/** Runs the action of a tool and tells what came of it, cut to what an answer may hold. */
export async function callAction(
  calls: ActionCalls,
  name: string,
  call: ActionCall,
): Promise<CallToolResult> {
  let answer: CallAnswer;
  try {
    answer = await calls.run(call);
  } catch (error) {
    if (!(error instanceof HostError) || error.status >= 500) throw error;
    return failed(error.message, error.details);
  }
  if (answer.error) return failed(failure(name, call.component, answer), { run_id: answer.runId });
  const { value, omissions } = cutResult(answer.result);
  const exports = answer.exports && cutResult(answer.exports, ANSWER_CHARACTERS / 4).value;
  return answered({
    run_id: answer.runId,
    ...(answer.summary === undefined ? {} : { summary: answer.summary }),
    result: value,
    ...(omissions.length > 0
      ? {
          cut: omissions.slice(0, 50),
          rest: `read_result with run_id ${answer.runId}, the path of a cut place, and its shown as offset`,
        }
      : {}),
    ...(exports === undefined ? {} : { exports }),
    ...(answer.files ? { files: answer.files } : {}),
  });
}

function failure(name: string, component: RegisteredComponent, { error, logs, status }: CallAnswer): string {
  if (status === "cancelled") return "The call was cancelled. What the action had done by then is done.";
  const said = logs.filter(({ level }) => level === "warn" || level === "error").slice(-5);
  return [
    error?.message ?? "The action failed.",
    ...said.map(({ message }) => `It said: ${message.slice(0, 500)}`),
    ...(error?.problems && error.problems.length > 0
      ? [`describe_action with action "${name}" tells what each argument takes.`]
      : []),
    ...(error?.limit && dryRunProp(component) === undefined && !hintsOf(component).readOnly
      ? ["It may have done a part. Look at the records before you repeat it."]
      : []),
  ].join("\n");
}

import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type CallToolResult,
} from "@modelcontextprotocol/sdk/types.js";
import { HostError } from "../errors";
import { actionTool, callAction } from "./action-tools";
import { helperTools, type HelperServices, type Session } from "./helper-tools";
import { Progress } from "./progress";
import { failed, type OfferedTool } from "./tool";

const INSTRUCTIONS: Record<Session["offer"]["mode"], string> = {
  search:
    "search_actions finds actions, describe_action tells their arguments, run_action runs one. find_choices finds values for references. A result that was cut is read on by read_result.",
  tools:
    "Each tool is an action. describe_action tells all of its arguments, find_choices finds values for references. A result that was cut is read on by read_result.",
};

export interface McpServices extends HelperServices {
  version: string;
  log(message: string): void;
}

/** One session of the Model Context Protocol over the actions that it is offered. */
export function mcpServer(session: Session, services: McpServices): Server {
  const server = new Server(
    { name: "servicenow-components", version: services.version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS[session.offer.mode] },
  );
  server.oninitialized = () => {
    const client = server.getClientVersion();
    if (client) session.caller.client = `${client.name} ${client.version}`.slice(0, 200);
  };

  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: (await toolsOf(session, services)).map(({ tool }) => tool),
  }));

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra): Promise<CallToolResult> => {
    const found = (await toolsOf(session, services)).find(({ tool }) => tool.name === params.name);
    if (!found)
      throw new McpError(
        ErrorCode.InvalidParams,
        `There is no tool "${params.name.slice(0, 100)}". List the tools.`,
      );
    const token = params._meta?.progressToken;
    const progress =
      token === undefined
        ? undefined
        : new Progress(
            (seconds, message) =>
              void extra
                .sendNotification({
                  method: "notifications/progress",
                  params: { progressToken: token, progress: seconds, message },
                })
                // Whoever has gone away hears no more.
                .catch(() => undefined),
          );
    try {
      return await found.call({
        input: params.arguments ?? {},
        signal: extra.signal,
        onLog: (entry) => progress?.onLog(entry),
      });
    } catch (error) {
      if (error instanceof HostError) return failed(error.message, error.details);
      services.log(
        `MCP ${params.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      return failed("The host failed to answer; its log says more.");
    } finally {
      progress?.stop();
    }
  });
  return server;
}

async function toolsOf(session: Session, services: McpServices): Promise<OfferedTool[]> {
  const helpers = helperTools(session, services);
  if (session.offer.mode === "search") return helpers;
  const options = await session.options();
  const { caller, account, offer } = session;
  return [
    ...[...offer.actions].map(([name, component]): OfferedTool => ({
      tool: actionTool(name, component, options),
      call: ({ input, signal, onLog }) =>
        callAction(services.calls, name, { component, input, caller, account, signal, onLog }),
    })),
    ...helpers,
  ];
}

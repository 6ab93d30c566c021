import type { CallToolResult, Tool } from "@modelcontextprotocol/sdk/types.js";
import type { LogEntry } from "../execution/protocol";

/** What a running call can say and hear. */
export interface ToolCall {
  input: Record<string, unknown>;
  signal: AbortSignal;
  onLog: (entry: LogEntry) => void;
}

/** A tool with what answers it. */
export interface OfferedTool {
  tool: Tool;
  call(call: ToolCall): Promise<CallToolResult>;
}

/** A structured answer, and the same as text for clients that read no other. */
export function answered(structured: Record<string, unknown>): CallToolResult {
  return { content: [{ type: "text", text: JSON.stringify(structured) }], structuredContent: structured };
}

/** A failure that the caller can do something about: what happened, and what to do next. */
export function failed(message: string, structured: Record<string, unknown> = {}): CallToolResult {
  const details = Object.keys(structured).length > 0 ? `\n${JSON.stringify(structured)}` : "";
  return { content: [{ type: "text", text: `${message}${details}` }], isError: true };
}

import { Badge } from "../ui/badge";
import type { StepStatus } from "./types";

const words: Record<StepStatus, { kind: "good" | "bad" | "off" | "busy"; text: string }> = {
  queued: { kind: "busy", text: "Queued" },
  running: { kind: "busy", text: "Running" },
  waiting: { kind: "busy", text: "Waiting" },
  succeeded: { kind: "good", text: "Succeeded" },
  failed: { kind: "bad", text: "Failed" },
  cancelled: { kind: "off", text: "Cancelled" },
  skipped: { kind: "off", text: "Skipped" },
};

export function RunBadge({ status }: { status: StepStatus }) {
  const { kind, text } = words[status];
  return <Badge kind={kind}>{text}</Badge>;
}

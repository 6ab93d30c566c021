import type { Component } from "../api/types";
import { kindOf, type Arm, type Step, type Trigger } from "./definition";

/** The title of a step for people. */
export function titleOf(step: Step, actions: Component[] | undefined): string {
  if (step.name !== undefined && step.name !== "") return step.name;
  switch (kindOf(step)) {
    case "uses": {
      const key = step.uses?.split("@")[0] ?? "";
      return actions?.find((action) => action.key === key)?.name ?? key;
    }
    case "code":
      return "Code";
    case "branch":
      return "Branch";
    case "forEach":
      return "For each item";
    case "delay":
      return `Wait ${String(step.delay)}`;
  }
}

export function triggerTitle(trigger: Trigger, sources: Component[] | undefined): string {
  if (trigger.uses === "http") return "HTTP request";
  if (trigger.uses === "schedule") return "Schedule";
  const key = trigger.uses.split("@")[0] ?? "";
  return sources?.find((source) => source.key === key)?.name ?? key;
}

export function armTitle(arm: Arm, index: number): string {
  if (arm.else) return "Otherwise";
  return `${index === 0 ? "If" : "Else if"} ${withoutBraces(arm.if ?? "")}`;
}

export const withoutBraces = (text: string): string =>
  text
    .trim()
    .replace(/^\{\{\s*/, "")
    .replace(/\s*\}\}$/, "");

/** A step of a component, code or control, as it begins. */
export function newStep(kind: string, namespace: string): Step {
  switch (kind) {
    case "code":
      return {
        namespace,
        code: "export default async ({ steps, $ }) => {\n  return steps.trigger.event;\n};\n",
      };
    case "branch":
      return {
        namespace,
        branch: [
          { if: "{{ steps.trigger.event.priority === '1' }}", steps: [] },
          { else: true, steps: [] },
        ],
      };
    case "forEach":
      return { namespace, forEach: "{{ steps.trigger.event.items }}", as: "item", steps: [] };
    case "delay":
      return { namespace, delay: "10m" };
    default:
      return { namespace, uses: kind, props: {} };
  }
}

/** A namespace made of a component's key: `servicenow-add-work-note` is `add_work_note`. */
export const wantedName = (kind: string): string =>
  kind === "forEach" ? "each" : kind.replace(/^[a-z0-9_]+?-(?=.)/, "").replace(/\W+/g, "_");

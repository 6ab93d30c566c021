import { isList, isProvided } from "../../../../components/prop-rules";
import type { Prop } from "../api/types";

/** What a prop is edited with. */
export type Control =
  | "none"
  | "alert"
  | "app"
  | "timer"
  | "note"
  | "select"
  | "multiselect"
  | "yesno"
  | "number"
  | "lines"
  | "object"
  | "json"
  | "secret"
  | "filter"
  | "text";

export function controlOf(prop: Prop): Control {
  if (prop.hidden) return "none";
  if (prop.type === "alert") return "alert";
  if (prop.type === "$.interface.http" || prop.type === "$.interface.apphook") return "note";
  if (isProvided(prop)) return "none";
  if (prop.type === "app") return "app";
  if (prop.type === "$.interface.timer") return "timer";
  if (prop.remoteOptions || prop.options) return isList(prop) ? "multiselect" : "select";
  if (prop.type === "boolean") return "yesno";
  if (prop.type === "integer" || prop.type === "number") return "number";
  if (isList(prop)) return "lines";
  if (prop.type === "object") return "object";
  if (prop.type === "any" || prop.type === "http_request" || prop.type === "sql") return "json";
  if (prop.filter && prop.type === "string") return "filter";
  return prop.secret ? "secret" : "text";
}

/** True for a prop that shows only after it was added by hand. */
export function isAddedByHand(prop: Prop): boolean {
  return prop.optional === true && !["none", "alert", "note"].includes(controlOf(prop));
}

/** The name of a prop for people: its label, or its name as words. */
export function labelOf(prop: Pick<Prop, "name" | "type" | "label">): string {
  if (prop.label) return prop.label;
  if (prop.type === "$.interface.timer") return "Schedule";
  const words = prop.name
    .replace(/[_-]+/g, " ")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

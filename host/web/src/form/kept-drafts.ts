import { isRecord } from "../../../../components/prop-rules";
import type { Prop } from "../api/types";
import { controlOf, isAddedByHand } from "./control-kind";
import { draftOf } from "./drafts";
import { holdsExpression } from "./expression-draft";

/** What was typed into a form: the drafts by prop, and the optional props that were added. */
export interface KeptDrafts {
  drafts: Record<string, unknown>;
  added: string[];
}

const addressOf = (key: string): string => `draft ${key}`;
const longestText = 200_000;

/** What was typed before a reload or a change of page; undefined without anything. */
export function keptDrafts(key: string): KeptDrafts | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(addressOf(key)) ?? "null");
    if (!isRecord(kept) || !isRecord(kept.drafts) || !Array.isArray(kept.added)) return undefined;
    return { drafts: kept.drafts, added: kept.added.filter((name) => typeof name === "string") };
  } catch {
    return undefined;
  }
}

/** Keeps what was typed, for this tab alone and without secrets. */
export function keepDrafts(key: string, { drafts, added }: KeptDrafts, props: Prop[]): void {
  const secret = new Set(props.filter((prop) => prop.secret).map((prop) => prop.name));
  const open = Object.fromEntries(Object.entries(drafts).filter(([name]) => !secret.has(name)));
  const text = JSON.stringify({ drafts: open, added });
  try {
    if (Object.keys(open).length === 0 && added.length === 0) sessionStorage.removeItem(addressOf(key));
    else if (text.length <= longestText) sessionStorage.setItem(addressOf(key), text);
  } catch {
    // A browser that keeps nothing: the form works all the same.
  }
}

export function forgetDrafts(key: string): void {
  try {
    sessionStorage.removeItem(addressOf(key));
  } catch {
    // As above.
  }
}

/** The drafts of stored values, for a form that changes what is there. */
export function draftsOfValues(
  props: Prop[],
  values: Record<string, unknown>,
  takesExpressions = false,
): KeptDrafts {
  const beginningOf = (prop: Prop, value: unknown): unknown =>
    takesExpressions && holdsExpression(value) && controlOf(prop) !== "text"
      ? { expression: value }
      : draftOf(prop, value);
  const set = props.filter((prop) => values[prop.name] !== undefined && values[prop.name] !== null);
  return {
    drafts: Object.fromEntries(set.map((prop) => [prop.name, beginningOf(prop, values[prop.name])])),
    added: set.filter(isAddedByHand).map((prop) => prop.name),
  };
}

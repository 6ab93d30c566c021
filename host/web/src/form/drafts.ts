import {
  asText,
  isRecord,
  itemOf,
  readValue,
  toLabelledValue,
  type LabelledValue,
} from "../../../../components/prop-rules";
import type { Prop } from "../api/types";
import { controlOf, labelOf } from "./control-kind";
import { parseJson } from "../controls/json-text";
import { objectDraft, readObjectDraft, type ObjectDraft } from "../controls/object-draft";
import { readFilterDraft } from "../filter/filter-draft";
import type { Reading } from "../controls/reading";
import { scheduleOf, timerDraft, type TimerDraft } from "../controls/timer-draft";

/** What a control starts with: the prop's default in the control's own form. */
export function initialDraft(prop: Prop): unknown {
  return draftOf(prop, prop.static ?? prop.default);
}

/** A stored value in the form its control edits it. */
export function draftOf(prop: Prop, stored: unknown): unknown {
  const isBlank = stored === undefined || stored === null || stored === "";
  switch (controlOf(prop)) {
    case "timer":
      return timerDraft(stored);
    case "select":
      return isBlank ? null : knownChoice(prop, stored);
    case "multiselect":
      return choicesIn(stored).map((choice) => knownChoice(prop, choice));
    case "yesno":
      return typeof stored === "boolean" ? stored : undefined;
    case "lines":
      return Array.isArray(stored) ? stored.map(asText).join("\n") : isBlank ? "" : textOf(stored);
    case "object":
      return objectDraft(stored);
    case "json":
      return stored === undefined
        ? ""
        : typeof stored === "string"
          ? stored
          : JSON.stringify(stored, null, 2);
    case "app":
      return isRecord(stored) ? stored.authProvisionId : (stored ?? undefined);
    default:
      return isBlank ? "" : textOf(stored);
  }
}

function textOf(stored: unknown): string {
  const { label, value } = toLabelledValue(stored);
  return typeof value === "object" ? label : asText(value);
}

/** The choices of a stored list, in whichever of the three forms it was stored. */
function choicesIn(stored: unknown): unknown[] {
  if (isRecord(stored) && Array.isArray(stored.__lv)) return stored.__lv;
  return Array.isArray(stored) ? stored : [];
}

function knownChoice(prop: Prop, stored: unknown): LabelledValue {
  const wanted = toLabelledValue(stored);
  if (wanted.label !== String(wanted.value)) return wanted;
  return prop.options?.map(toLabelledValue).find((choice) => choice.value === wanted.value) ?? wanted;
}

/** Reads what is in a control, by the rules that the host applies too. Whether it must be set is for the form to say. */
export function readDraft(prop: Prop, draft: unknown): Reading {
  switch (controlOf(prop)) {
    case "none":
    case "alert":
    case "note":
      return {};
    case "app":
      return draft ? { value: { authProvisionId: draft } } : {};
    case "timer":
      return prop.static === undefined ? checked(prop, scheduleOf(draft as TimerDraft)) : {};
    case "select":
      return draft ? readChoice(prop, draft as LabelledValue) : {};
    case "multiselect": {
      const chosen = draft as LabelledValue[];
      return chosen.length === 0 ? {} : { value: { __lv: chosen } };
    }
    case "yesno":
      return { value: draft };
    case "number":
      return (draft as string).trim() === "" ? {} : checked(prop, draft);
    case "filter":
      return prop.filter ? readFilterDraft(prop.filter.syntax, draft) : {};
    case "lines":
      return readLines(prop, draft as string);
    case "object":
      return readObjectDraft(draft as ObjectDraft);
    case "json":
      return readAny(prop, draft as string);
    default:
      return draft === "" ? {} : { value: draft };
  }
}

/** A value by the shared rules; what they find wrong becomes a sentence. */
function checked(prop: Prop, value: unknown): Reading {
  const read = readValue({ ...prop, withLabel: false }, value);
  return "problem" in read ? { error: `${labelOf(prop)} ${read.problem}.` } : { value: read.value };
}

function readChoice(prop: Prop, { label, value }: LabelledValue): Reading {
  if (typeof value === "object" && value !== null) return { value: { __lv: { label, value } } };
  const read = checked(prop, value);
  if (read.error) return read;
  // A value that is its own label needs no wrapping; stored settings stay readable.
  return { value: label === String(read.value) ? read.value : { __lv: { label, value: read.value } } };
}

function readLines(prop: Prop, text: string): Reading {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length === 0) return {};
  const values: unknown[] = [];
  for (const [at, line] of lines.entries()) {
    const read = readValue({ ...itemOf(prop), withLabel: false }, line);
    if ("problem" in read) return { error: `Line ${at + 1} ${read.problem}.` };
    values.push(read.value);
  }
  return { value: values };
}

function readAny(prop: Prop, text: string): Reading {
  if (text.trim() === "") return {};
  const read = parseJson(text);
  if (!read.error) return read;
  // `any` takes plain text as well, unless it was plainly meant as JSON.
  return prop.type === "any" && !/^\s*[[{"]/.test(text) ? { value: text } : read;
}

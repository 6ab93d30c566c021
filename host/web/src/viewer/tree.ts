import { asText, isRecord } from "../../../../components/prop-rules";
import type { PathStep } from "./path";
import { fieldsOf } from "./records";

/** One visible line of a value shown as a tree. */
export interface TreeLine {
  /** Tells it from every other line. */
  id: string;
  path: PathStep[];
  depth: number;
  name: string;
  value: unknown;
  /** How many lines are inside; undefined for a value without any. */
  size: number | undefined;
  isOpen: boolean;
}

const rootId = "";
// The separator is a character that names of fields do not hold.
const idOf = (parent: string, step: PathStep): string => `${parent}\0${step}`;

function childrenOf(value: unknown): [PathStep, unknown][] | undefined {
  if (Array.isArray(value)) return value.length > 0 ? value.map((item, at) => [at, item]) : undefined;
  if (!isRecord(value)) return undefined;
  const fields = fieldsOf(value);
  return fields.length > 0 ? fields : undefined;
}

/** The lines that are visible with these branches open, in order. The value's own fields are always visible. */
export function visibleLines(value: unknown, open: ReadonlySet<string>): TreeLine[] {
  const lines: TreeLine[] = [];
  const walk = (parent: string, path: PathStep[], inner: unknown): void => {
    for (const [step, child] of childrenOf(inner) ?? []) {
      const id = idOf(parent, step);
      const size = Array.isArray(child)
        ? child.length
        : isRecord(child)
          ? Object.keys(child).length
          : undefined;
      const isOpen = size !== undefined && size > 0 && open.has(id);
      const childPath = [...path, step];
      lines.push({ id, path: childPath, depth: path.length, name: String(step), value: child, size, isOpen });
      if (isOpen) walk(id, childPath, child);
    }
  };
  walk(rootId, [], value);
  return lines;
}

/** The levels that fit as a whole, from the top: every branch of a small value, of a large one none or few. */
export function branchesOpenAtFirst(value: unknown, linesAtMost = 120): Set<string> {
  const open = new Set<string>();
  let level = [{ id: rootId, value }];
  let lines = 0;
  for (;;) {
    const next: typeof level = [];
    for (const parent of level)
      for (const [step, child] of childrenOf(parent.value) ?? []) {
        lines += 1;
        if (typeof child === "object" && child !== null)
          next.push({ id: idOf(parent.id, step), value: child });
        if (lines > linesAtMost) return open;
      }
    for (const { id } of level) open.add(id);
    if (next.length === 0) return open;
    level = next;
  }
}

export interface Found {
  /** The lines that hold the words, in order. */
  ids: string[];
  /** The branches to open so that they are seen. */
  open: Set<string>;
  /** More lines match than are listed. */
  isCut: boolean;
}

const foundAtMost = 1_000;

/** The lines whose name or value holds the words. */
export function findInTree(value: unknown, words: string): Found {
  const wanted = words.toLowerCase();
  const found: Found = { ids: [], open: new Set(), isCut: false };
  const walk = (parent: string, ancestors: string[], inner: unknown): void => {
    for (const [step, child] of childrenOf(inner) ?? []) {
      if (found.isCut) return;
      const id = idOf(parent, step);
      const isBranch = typeof child === "object" && child !== null;
      const matches =
        (typeof step === "string" && step.toLowerCase().includes(wanted)) ||
        (!isBranch && asText(child).toLowerCase().includes(wanted));
      if (matches) {
        if (found.ids.length >= foundAtMost) {
          found.isCut = true;
          return;
        }
        found.ids.push(id);
        for (const ancestor of ancestors) found.open.add(ancestor);
      }
      if (isBranch) walk(id, [...ancestors, id], child);
    }
  };
  walk(rootId, [], value);
  return found;
}

import { isRecord } from "../../../../components/prop-rules";
import type { PathStep } from "./path";

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
const idOf = (parent: string, step: PathStep): string => `${parent}/${JSON.stringify(step)}`;

function childrenOf(value: unknown): [PathStep, unknown][] | undefined {
  if (Array.isArray(value)) return value.length > 0 ? value.map((item, at) => [at, item]) : undefined;
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value);
  return entries.length > 0 ? entries : undefined;
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

/** Every branch, where a value is small enough to be read as a whole; of a larger one those at the top that are short. */
export function branchesOpenAtFirst(value: unknown, linesAtMost = 120): Set<string> {
  const open = new Set<string>();
  let lines = childrenOf(value)?.length ?? 0;
  let level: { id: string; value: unknown }[] = [{ id: rootId, value }];
  while (level.length > 0) {
    const next: typeof level = [];
    for (const parent of level)
      for (const [step, child] of childrenOf(parent.value) ?? []) {
        const size = childrenOf(child)?.length ?? 0;
        if (size === 0 || lines + size > linesAtMost) continue;
        lines += size;
        const id = idOf(parent.id, step);
        open.add(id);
        next.push({ id, value: child });
      }
    level = next;
  }
  return open;
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
        (!isBranch && String(child).toLowerCase().includes(wanted));
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

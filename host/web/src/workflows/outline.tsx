import { useMemo } from "react";
import {
  Button as AriaButton,
  DropIndicator,
  GridList,
  GridListItem,
  useDragAndDrop,
  type Key,
} from "react-aria-components";
import type { Component } from "../api/types";
import { Badge } from "../ui/badge";
import { allSteps, kindOf, placeOf, stepsOf, type Definition, type ListRef, type Step } from "./definition";
import { RunBadge } from "./run-badge";
import { armTitle, titleOf, withoutBraces } from "./step-words";
import type { StepRun } from "./types";

interface Row {
  id: string;
  depth: number;
  /** A step, or the beginning of a list inside one. */
  step?: Step;
  list?: ListRef;
  text: string;
}

/** The steps and the lists inside them as lines, in the order of the file. */
function rowsOf(definition: Definition, actions: Component[] | undefined): Row[] {
  const rows: Row[] = [];
  const walk = (steps: Step[], depth: number): void => {
    for (const step of steps) {
      rows.push({ id: `step ${step.namespace}`, depth, step, text: titleOf(step, actions) });
      for (const [arm, one] of (step.branch ?? []).entries()) {
        rows.push({
          id: `list ${step.namespace} ${arm}`,
          depth: depth + 1,
          list: { owner: step.namespace, arm },
          text: armTitle(one, arm),
        });
        walk(one.steps, depth + 2);
      }
      if (step.forEach !== undefined) {
        rows.push({
          id: `list ${step.namespace}`,
          depth: depth + 1,
          list: { owner: step.namespace },
          text: `Each ${step.as ?? "item"} of ${withoutBraces(step.forEach)}`,
        });
        walk(step.steps ?? [], depth + 2);
      }
    }
  };
  walk(definition.steps, 0);
  return rows;
}

/** Where a step goes that is dropped before or after a line. */
function dropPlace(
  definition: Definition,
  rows: Row[],
  key: Key,
  position: "before" | "after" | "on",
): { list: ListRef; index: number } | undefined {
  const at = rows.findIndex((row) => row.id === key);
  const row = rows[at];
  if (!row) return undefined;
  if (row.list) {
    if (position !== "before") return { list: row.list, index: 0 };
    // Before a further arm is the end of the one above it.
    const arm = row.list.arm ?? 0;
    if (arm === 0) return { list: row.list, index: 0 };
    const above = { ...row.list, arm: arm - 1 };
    return { list: above, index: stepsOf(definition, above)?.length ?? 0 };
  }
  const place = row.step && placeOf(definition, row.step.namespace);
  if (!place) return undefined;
  // Behind the line of a block comes what is in it.
  const inner = rows[at + 1];
  if (position === "after" && inner?.list?.owner === row.step?.namespace && inner?.list)
    return { list: inner.list, index: 0 };
  return { list: place.list, index: place.index + (position === "before" ? 0 : 1) };
}

/** The steps in their order: chosen by a click or the arrow keys, moved by dragging or with the keyboard. */
export function Outline({
  definition,
  actions,
  selected,
  problems,
  runs,
  onSelect,
  onMove,
  onAdd,
}: {
  definition: Definition;
  actions: Component[] | undefined;
  selected: string | undefined;
  /** Steps with something wrong in them. */
  problems: ReadonlySet<string>;
  /** What came of each step in the newest test. */
  runs: ReadonlyMap<string, StepRun>;
  onSelect: (namespace: string) => void;
  onMove: (namespace: string, list: ListRef, index: number) => void;
  onAdd: (list: ListRef) => void;
}) {
  const rows = useMemo(() => rowsOf(definition, actions), [definition, actions]);
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ "text/plain": String(key), "workflow-step": String(key) })),
    getAllowedDropOperations: () => ["move"],
    renderDropIndicator: (target) => <DropIndicator target={target} className="drop-mark" />,
    onReorder: ({ keys, target }) => {
      const namespace = stepIn([...keys][0]);
      const place = dropPlace(definition, rows, target.key, target.dropPosition);
      if (namespace !== undefined && place) onMove(namespace, place.list, place.index);
    },
  });
  return (
    <GridList
      aria-label="Steps"
      className="outline"
      items={rows}
      selectionMode="single"
      selectionBehavior="replace"
      disallowEmptySelection
      selectedKeys={selected === undefined ? [] : [`step ${selected}`]}
      onSelectionChange={(keys) => {
        const key = keys === "all" ? undefined : [...keys][0];
        const namespace = stepIn(key) ?? ownerIn(key);
        if (namespace !== undefined) onSelect(namespace);
      }}
      dragAndDropHooks={dragAndDropHooks}
      dependencies={[selected, problems, runs, definition]}
      renderEmptyState={() => <p className="about">No step yet. Add the first one.</p>}
    >
      {(row) =>
        row.list ? (
          <GridListItem id={row.id} textValue={row.text} className="outline-list" data-depth={row.depth}>
            <span className="grow clip-line">{row.text}</span>
            {/* The list takes the keys of any other button for its own. */}
            <AriaButton
              className="button quiet small"
              aria-label={`Add step: ${row.text}`}
              onPress={() => row.list && onAdd(row.list)}
            >
              + Add
            </AriaButton>
          </GridListItem>
        ) : (
          <GridListItem id={row.id} textValue={row.text} className="outline-step" data-depth={row.depth}>
            <AriaButton slot="drag" className="drag-handle" aria-label={`Drag ${row.text}`}>
              <svg viewBox="0 0 10 16" width="10" height="16" aria-hidden="true">
                <path
                  d="M2 3h1M7 3h1M2 8h1M7 8h1M2 13h1M7 13h1"
                  stroke="currentColor"
                  strokeWidth="2"
                  strokeLinecap="round"
                />
              </svg>
            </AriaButton>
            <span className="outline-words">
              <span className="card-title clip-line">{row.text}</span>
              <span className="about clip-line mono">{row.step?.namespace}</span>
            </span>
            <StepMark row={row} problems={problems} runs={runs} />
          </GridListItem>
        )
      }
    </GridList>
  );
}

function StepMark({
  row,
  problems,
  runs,
}: {
  row: Row;
  problems: ReadonlySet<string>;
  runs: ReadonlyMap<string, StepRun>;
}) {
  const namespace = row.step?.namespace ?? "";
  const run = runs.get(namespace);
  if (problems.has(namespace)) return <Badge kind="bad">Not ready</Badge>;
  if (run) return <RunBadge status={run.status} />;
  return row.step && kindOf(row.step) !== "uses" ? <Badge kind="off">{kindOf(row.step)}</Badge> : null;
}

const stepIn = (key: Key | undefined): string | undefined => /^step (.+)$/.exec(String(key ?? ""))?.[1];
const ownerIn = (key: Key | undefined): string | undefined =>
  /^list (\S+)( \d+)?$/.exec(String(key ?? ""))?.[1];

/** The namespaces of the steps to which the problems of a definition belong. */
export function stepsWithProblems(definition: Definition, paths: string[]): Set<string> {
  const places = allSteps(definition);
  return new Set(
    paths.flatMap((path) => {
      // The innermost step whose path this one begins with.
      const found = places
        .filter((place) => path === place.path || path.startsWith(`${place.path}.`))
        .sort((a, b) => b.path.length - a.path.length)[0];
      return found ? [found.step.namespace] : [];
    }),
  );
}

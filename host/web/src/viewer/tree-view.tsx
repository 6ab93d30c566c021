import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { CopyButton } from "../ui/copy-button";
import { asText } from "../../../../components/prop-rules";
import { recordAddress } from "./cell";
import { nameOf } from "./records";
import { pathText, type PathStep } from "./path";
import { branchesOpenAtFirst, findInTree, visibleLines, type TreeLine } from "./tree";

const lineHeight = 26;

/** A value as a tree of which only the visible lines are drawn; moved through with the arrow keys, searched from above. */
export function TreeView({
  value,
  label,
  root,
  path = [],
  words,
  onPick,
}: {
  value: unknown;
  label: string;
  /** How an expression names the value: `steps.trigger.event`. */
  root: string;
  /** The way from there to this value. */
  path?: readonly PathStep[];
  words: string;
  /** Takes the path of a value, on Enter and by a button. */
  onPick?: (path: string) => void;
}) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => branchesOpenAtFirst(value));
  const [current, setCurrent] = useState(0);
  const found = useMemo(() => (words === "" ? undefined : findInTree(value, words)), [value, words]);
  const shownOpen = useMemo(() => (found ? new Set([...open, ...found.open]) : open), [open, found]);
  const lines = useMemo(() => visibleLines(value, shownOpen), [value, shownOpen]);
  const hits = useMemo(() => new Set(found?.ids), [found]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  });
  const at = Math.min(current, Math.max(0, lines.length - 1));
  const line = lines[at];

  const go = (to: number): void => {
    const next = Math.max(0, Math.min(lines.length - 1, to));
    setCurrent(next);
    virtual.scrollToIndex(next);
  };
  useEffect(() => {
    const first = found?.ids[0];
    const place = lines.findIndex((one) => one.id === first);
    if (first !== undefined && place >= 0) {
      setCurrent(place);
      virtual.scrollToIndex(place, { align: "center" });
    }
    // Only a new search moves the list; opening a branch does not.
  }, [found]);

  const toggle = (one: TreeLine, wanted = !one.isOpen): void =>
    setOpen((before) => {
      const next = new Set(before);
      if (wanted) next.add(one.id);
      else next.delete(one.id);
      return next;
    });
  const parentOf = (one: TreeLine): number =>
    lines.findLastIndex((other, place) => place < at && other.depth < one.depth);
  const keys: Record<string, () => void> = {
    ArrowDown: () => go(at + 1),
    ArrowUp: () => go(at - 1),
    Home: () => go(0),
    End: () => go(lines.length - 1),
    PageDown: () => go(at + 12),
    PageUp: () => go(at - 12),
    ArrowRight: () => line && (line.size && !line.isOpen ? toggle(line, true) : line.isOpen && go(at + 1)),
    ArrowLeft: () => line && (line.isOpen ? toggle(line, false) : go(parentOf(line))),
    Enter: () => {
      if (onPick && line && !line.size) onPick(pathText(root, [...path, ...line.path]));
      else if (line?.size) toggle(line);
    },
  };
  const press = (event: KeyboardEvent): void => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };

  return (
    <div className="tree-view">
      {found && (
        <p className="about" role="status">
          {found.ids.length === 0
            ? `Nothing holds “${words}”.`
            : `${found.isCut ? "The first " : ""}${found.ids.length} ${found.ids.length === 1 ? "line holds" : "lines hold"} “${words}”.`}
        </p>
      )}
      <div
        ref={box}
        className="tree"
        role="tree"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={line ? `${id}-${at}` : undefined}
        onKeyDown={press}
      >
        <div role="presentation" className="tree-lines" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const one = lines[item.index];
            return one ? (
              <div
                key={one.id}
                id={`${id}-${item.index}`}
                role="treeitem"
                aria-level={one.depth + 1}
                aria-selected={item.index === at}
                {...(one.size ? { "aria-expanded": one.isOpen } : {})}
                className={`tree-line ${item.index === at ? "current" : ""} ${hits.has(one.id) ? "hit" : ""}`}
                style={{
                  transform: `translateY(${item.start}px)`,
                  height: item.size,
                  paddingLeft: `${one.depth * 1.1 + 0.3}rem`,
                }}
                onClick={() => {
                  setCurrent(item.index);
                  if (one.size) toggle(one);
                }}
              >
                <span className="tree-mark" aria-hidden="true">
                  {one.size ? (one.isOpen ? "▾" : "▸") : ""}
                </span>
                <span className="j-key">{one.name}</span>
                <TreeValue line={one} />
              </div>
            ) : null;
          })}
        </div>
      </div>
      {line && (
        <div className="tree-bar">
          <code className="break">{pathText(root, [...path, ...line.path])}</code>
          <span className="row">
            {onPick && (
              <button
                type="button"
                className="button primary small"
                onClick={() => onPick(pathText(root, [...path, ...line.path]))}
              >
                Insert
              </button>
            )}
            <CopyButton
              label="Copy value"
              text={() => (typeof line.value === "string" ? line.value : JSON.stringify(line.value, null, 2))}
            />
            <CopyButton label="Copy path" text={() => `{{ ${pathText(root, [...path, ...line.path])} }}`} />
            <OpenRecord value={line.value} />
          </span>
        </div>
      )}
    </div>
  );
}

const longestShown = 400;

function TreeValue({ line: { value, size, isOpen } }: { line: TreeLine }) {
  if (size !== undefined) return <span className="about"> {isOpen ? "" : summaryOf(value, size)}</span>;
  const kind = typeof value === "string" ? "s" : typeof value === "number" ? "n" : "k";
  const text = value === null ? "null" : asText(value);
  return (
    <span className={`tree-value j-${kind}`}>
      {kind === "s" && text === ""
        ? '""'
        : text.length > longestShown
          ? `${text.slice(0, longestShown)}…`
          : text}
    </span>
  );
}

/** What a closed branch holds, in a few words. */
function summaryOf(value: unknown, size: number): string {
  if (Array.isArray(value)) return `${size} ${size === 1 ? "item" : "items"}`;
  return size === 0 ? "{}" : nameOf(value);
}

function OpenRecord({ value }: { value: unknown }) {
  const link = typeof value === "object" && value !== null && "link" in value ? value.link : value;
  const href = recordAddress(link);
  return href ? (
    <a className="button quiet small" href={href} target="_blank" rel="noopener noreferrer">
      Open the record
    </a>
  ) : null;
}

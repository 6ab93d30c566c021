import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { Cell } from "./record-cell";
import type { Row } from "./records";

const rowHeight = 36;

/** Records as a table of which only the visible rows are drawn. A row's first cell opens the record below the table. */
export function RecordTable({
  label,
  rows,
  total,
  columns,
  form,
  opened,
  onOpen,
}: {
  label: string;
  rows: { row: Row; at: number }[];
  /** Of all records, also those that a search left out. */
  total: number;
  columns: string[];
  form: "display" | "stored";
  opened: number | undefined;
  onOpen: (at: number) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const width = { minWidth: `${columns.length * 10}rem` };
  return (
    <div className="records" ref={box} tabIndex={0} role="group" aria-label={`${label}, scrollable`}>
      <div
        role="table"
        aria-label={label}
        aria-rowcount={total + 1}
        aria-colcount={columns.length}
        style={width}
      >
        <div role="rowgroup" className="records-head">
          <div role="row" aria-rowindex={1} className="records-row">
            {columns.map((name) => (
              <span role="columnheader" key={name} title={name}>
                {name}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="records-body" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const { row, at } = rows[item.index] ?? { row: {}, at: item.index };
            return (
              <div
                role="row"
                key={at}
                aria-rowindex={at + 2}
                className={`records-row ${opened === at ? "opened" : ""}`}
                style={{ transform: `translateY(${item.start}px)`, height: item.size }}
              >
                {columns.map((name, column) => (
                  <span role="cell" key={name}>
                    {column === 0 ? (
                      <button
                        type="button"
                        className="record-open"
                        aria-expanded={opened === at}
                        onClick={() => onOpen(at)}
                      >
                        <Cell value={row[name]} form={form} plain />
                      </button>
                    ) : (
                      <Cell value={row[name]} form={form} />
                    )}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

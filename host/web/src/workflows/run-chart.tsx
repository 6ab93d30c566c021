import { useState } from "react";
import { useFigures } from "./api";
import type { Bar } from "./types";

const periods = [
  ["day", "24 hours"],
  ["week", "7 days"],
  ["month", "30 days"],
] as const;
const parts = ["succeeded", "open", "cancelled", "failed"] as const;
const height = 100;
const width = 600;

/** Runs and failures over time, as bars; the same as a table for those who do not see them. */
export function RunChart({ id }: { id: string }) {
  const [period, setPeriod] = useState<(typeof periods)[number][0]>("week");
  const bars = useFigures(id, period).data ?? [];
  const total = (part: (typeof parts)[number]): number => bars.reduce((sum, bar) => sum + bar[part], 0);
  const all = parts.reduce((sum, part) => sum + total(part), 0);
  return (
    <section aria-labelledby="figures-heading" className="figures">
      <div className="row spread">
        <h2 id="figures-heading">Runs over time</h2>
        <span className="segments" role="group" aria-label="Period">
          {periods.map(([value, label]) => (
            <button
              key={value}
              type="button"
              aria-pressed={period === value}
              onClick={() => setPeriod(value)}
            >
              {label}
            </button>
          ))}
        </span>
      </div>
      <p className="about">
        {all === 0
          ? "No run in this time."
          : `${all} ${all === 1 ? "run" : "runs"}: ${total("succeeded")} succeeded, ${total("failed")} failed, ${total("cancelled")} cancelled, ${total("open")} under way.`}
      </p>
      {all > 0 && <Bars bars={bars} />}
    </section>
  );
}

function Bars({ bars }: { bars: Bar[] }) {
  const most = Math.max(1, ...bars.map((bar) => parts.reduce((sum, part) => sum + bar[part], 0)));
  const step = width / bars.length;
  return (
    <>
      <svg className="chart" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {bars.flatMap((bar, at) => {
          let top = height;
          return parts.map((part) => {
            const size = (bar[part] / most) * height;
            top -= size;
            return (
              <rect
                key={`${at} ${part}`}
                className={`bar-${part}`}
                x={at * step + step * 0.1}
                y={top}
                width={step * 0.8}
                height={size}
              />
            );
          });
        })}
      </svg>
      {/* A table takes the width of its words, whatever its style says. */}
      <div className="unseen">
        <table>
          <caption>Runs over time</caption>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">Succeeded</th>
              <th scope="col">Failed</th>
            </tr>
          </thead>
          <tbody>
            {bars
              .filter((bar) => bar.succeeded + bar.failed > 0)
              .map((bar) => (
                <tr key={bar.from}>
                  <th scope="row">{new Date(bar.from).toLocaleString()}</th>
                  <td>{bar.succeeded}</td>
                  <td>{bar.failed}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

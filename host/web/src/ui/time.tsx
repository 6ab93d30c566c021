import { useEffect, useState } from "react";

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
  ["month", 12],
  ["year", Infinity],
];

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** ISO text, or a number of milliseconds (seconds when too small for those); undefined when it is neither. */
function readTime(value: string | number | null | undefined): Date | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  const date = new Date(typeof value === "number" && value < 1e11 ? value * 1000 : value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function fromNow(date: Date, now: number): string {
  let amount = Math.round((date.getTime() - now) / 1000);
  if (Math.abs(amount) < 5) return amount > 0 ? "in a moment" : "just now";
  for (const [unit, size] of steps) {
    if (Math.abs(amount) < size) return relative.format(amount, unit);
    amount = Math.round(amount / size);
  }
  return exact.format(date);
}

/** "3 minutes ago", kept true while it is shown; the exact time on hover. */
export function Time({ value }: { value: string | number | null | undefined }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, []);
  const date = readTime(value);
  if (!date) return <>–</>;
  return (
    <time dateTime={date.toISOString()} title={exact.format(date)}>
      {fromNow(date, Math.max(now, Date.now()))}
    </time>
  );
}

const exactWithZone = new Intl.DateTimeFormat(undefined, {
  dateStyle: "full",
  timeStyle: "long",
});

/** A moment to the second, with its zone: for places where it must be read, not guessed. */
export function ExactTime({ value }: { value: string | number | null | undefined }) {
  const date = readTime(value);
  return date ? <time dateTime={date.toISOString()}>{exactWithZone.format(date)}</time> : <>–</>;
}

/** The time since a moment, counted each second. */
export function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  const minutes = Math.floor(seconds / 60);
  return (
    <span className="elapsed" aria-hidden="true">
      {minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`}
    </span>
  );
}

/** How long a run took. */
export function duration(from: string | number, to: string | number | null | undefined): string | undefined {
  const start = readTime(from);
  const end = readTime(to);
  if (!start || !end) return undefined;
  const ms = end.getTime() - start.getTime();
  if (ms < 1_000) return `${ms} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

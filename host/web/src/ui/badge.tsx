import type { ReactNode } from "react";

export function Badge({ kind, children }: { kind: "good" | "bad" | "off" | "busy"; children: ReactNode }) {
  return (
    <span className={`badge ${kind}`}>
      <span className="dot" aria-hidden="true" />
      {children}
    </span>
  );
}

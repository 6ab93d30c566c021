import { useEffect, useRef, type ReactNode } from "react";

export type NoticeKind = "info" | "success" | "warning" | "error" | "neutral";

/** A coloured box. Errors are read out at once, everything else when the reader is free. */
export function Notice({
  kind = "info",
  title,
  children,
  actions,
  reveal = false,
}: {
  kind?: NoticeKind;
  title?: string;
  /** Brings itself into view when it appears. */
  reveal?: boolean;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (reveal) box.current?.scrollIntoView({ block: "nearest" });
  }, [reveal]);
  return (
    <div ref={box} className={`notice ${kind}`} role={kind === "error" ? "alert" : "status"}>
      {title && <p className="notice-title">{title}</p>}
      {children !== undefined && <div className="notice-body">{children}</div>}
      {actions && <div className="row">{actions}</div>}
    </div>
  );
}

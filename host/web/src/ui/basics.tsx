import { useEffect, useRef, useState, type ButtonHTMLAttributes, type ReactNode } from "react";
import Markdown from "react-markdown";

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: "primary" | "plain" | "danger" | "quiet";
  /** Under way: the button stays in place and keeps the focus, and does nothing. */
  busy?: boolean;
};

export function Button({ look = "plain", busy = false, onClick, children, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`button ${look} ${className ?? ""}`}
      aria-disabled={busy || rest.disabled || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy && <span className="spinner" aria-hidden="true" />}
      {children}
    </button>
  );
}

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

/** Descriptions and help. Links open beside the page; raw HTML is shown as text. */
export function Text({ children, className }: { children: string; className?: string }) {
  return (
    <div className={`text ${className ?? ""}`}>
      <Markdown
        components={{
          a: ({ href, children: inner }) => (
            <a href={href} target="_blank" rel="noopener noreferrer">
              {inner}
            </a>
          ),
          // The page loads nothing from elsewhere.
          img: ({ alt }) => <>{alt}</>,
        }}
      >
        {children}
      </Markdown>
    </div>
  );
}

export function Waiting({ children }: { children: ReactNode }) {
  return (
    <p className="waiting" role="status">
      <span className="spinner" aria-hidden="true" />
      {children}
    </p>
  );
}

export function Empty({
  title,
  children,
  actions,
}: {
  title: string;
  children: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p>{children}</p>
      {actions && <div className="row centre">{actions}</div>}
    </div>
  );
}

export function Badge({ kind, children }: { kind: "good" | "bad" | "off" | "busy"; children: ReactNode }) {
  return (
    <span className={`badge ${kind}`}>
      <span className="dot" aria-hidden="true" />
      {children}
    </span>
  );
}

export function CopyButton({ text, label = "Copy" }: { text: () => string; label?: string }) {
  const [said, setSaid] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setSaid("Copied");
    } catch {
      setSaid("The browser refused to copy");
    }
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSaid(undefined), 2_000);
  };
  return (
    <Button look="quiet" className="small" onClick={() => void copy()}>
      <span aria-live="polite">{said ?? label}</span>
    </Button>
  );
}

/** The page's own heading; takes the focus when the page changes, so that a screen reader starts here. */
export function PageHeading({
  children,
  actions,
  back,
}: {
  children: ReactNode;
  actions?: ReactNode;
  back?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <header className="page-heading">
      {back}
      <div className="row spread">
        <h1 ref={heading} tabIndex={-1}>
          {children}
        </h1>
        {actions && <div className="row">{actions}</div>}
      </div>
    </header>
  );
}

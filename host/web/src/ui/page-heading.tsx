import { useEffect, useRef, type ReactNode } from "react";

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
  // A tab is told from others by what it shows.
  useEffect(() => {
    if (typeof children === "string") document.title = `${children} · Workflow host`;
  }, [children]);
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

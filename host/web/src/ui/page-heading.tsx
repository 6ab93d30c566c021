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

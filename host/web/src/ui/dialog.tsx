import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { wordsOf } from "../api/http";
import { Button } from "./button";
import { Notice } from "./notice";

/** A modal on the browser's own `<dialog>`: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current!;
    const before = document.activeElement;
    if (!element.open) element.showModal();
    // The browser would begin at the first control, which is Close.
    element
      .querySelector<HTMLElement>(".dialog-body :is(input, select, textarea, button):not(:disabled)")
      ?.focus();
    return () => {
      element.close();
      // What opened it may be gone by now, as the first "Connect account" is once there is an account.
      const opener = before instanceof HTMLElement && before.isConnected ? before : undefined;
      (opener ?? document.querySelector<HTMLElement>("h1"))?.focus();
    };
  }, []);
  // Outside of the page's own forms: a form inside a form is none.
  return createPortal(
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className="row spread dialog-head">
        <h2 id={titleId}>{title}</h2>
        <Button look="quiet" aria-label="Close" className="close" onClick={onClose}>
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <path d="M3 3l10 10M13 3L3 13" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
          </svg>
        </Button>
      </header>
      <div className="dialog-body">{children}</div>
    </dialog>,
    document.body,
  );
}

/** Asks before something is lost, and stays open with the reason when it could not be done. */
export function Confirm({
  title,
  children,
  action,
  onConfirm,
  anyway,
  onClose,
}: {
  title: string;
  children: ReactNode;
  action: string;
  onConfirm: () => Promise<void>;
  /** A second way, offered once the first has failed. */
  anyway?: { action: string; onConfirm: () => Promise<void> };
  onClose: () => void;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const way = error && anyway ? anyway : { action, onConfirm };
  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await way.onConfirm();
    } catch (failure) {
      setError(wordsOf(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="stack">
        <div>{children}</div>
        {error && <Notice kind="error">{error}</Notice>}
        <div className="row end">
          <Button onClick={onClose} autoFocus>
            Keep it
          </Button>
          <Button look="danger" busy={busy} onClick={() => void confirm()}>
            {way.action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

import { useCallback, useEffect, useRef, useState } from "react";
import { api, ApiError, newAccountPath, wordsOf } from "../api/http";
import { queryClient } from "../api/queries";
import type { Account, Attempt } from "../api/types";

export type ConnectPhase =
  | { name: "form"; error?: { message: string; field?: string | undefined } }
  | { name: "starting"; since: number }
  | { name: "waiting"; attempt: Attempt; window: "open" | "blocked" | "closed" }
  | { name: "done"; account: { id: string; name?: string | null }; notice?: string | undefined };

/** How long after the window went away a late answer may still arrive before anything is said. */
const closedGraceMs = 2_500;

const answerWithinMs = 40_000;
const tooSlow =
  "It did not answer within 40 seconds. Check the address, and whether it is awake and can be reached from this machine; then try again.";

/** The way from the filled-in form through the sign-in window to a connected account. */
export function useConnectFlow() {
  const [phase, setPhase] = useState<ConnectPhase>({ name: "form" });
  const popup = useRef<Window | null>(null);
  const attemptId = useRef<string>(undefined);
  const asking = useRef<AbortController>(undefined);

  const finish = useCallback((next: ConnectPhase) => {
    attemptId.current = undefined;
    popup.current?.close();
    popup.current = null;
    setPhase(next);
    if (next.name === "done") void queryClient.invalidateQueries({ queryKey: ["accounts"] });
  }, []);

  const settle = useCallback(
    (attempt: Attempt): boolean => {
      if (attempt.status === "succeeded" && attempt.account)
        finish({ name: "done", account: attempt.account, notice: attempt.notice });
      else if (attempt.status === "failed")
        finish({ name: "form", error: { message: attempt.error ?? "The connection failed. Try again." } });
      else if (attempt.status === "expired")
        finish({
          name: "form",
          error: {
            message:
              attempt.error ?? "The sign-in took too long and has ended. Connect again to get a new window.",
          },
        });
      else return false;
      return true;
    },
    [finish],
  );

  /** Asks the host within a limit of time. What went wrong is told at the form, unless the person has given up meanwhile. */
  const ask = async <T>(
    path: string,
    body: Record<string, unknown>,
    answered: (answer: T) => void,
  ): Promise<void> => {
    setPhase({ name: "starting", since: Date.now() });
    const given = new AbortController();
    asking.current = given;
    const limit = setTimeout(() => given.abort(new Error(tooSlow)), answerWithinMs);
    try {
      const answer = await api<T>("POST", path, body, given.signal);
      if (asking.current === given) answered(answer);
    } catch (error) {
      if (asking.current !== given) return;
      finish({
        name: "form",
        error: {
          message: wordsOf(given.signal.aborted ? given.signal.reason : error),
          field: error instanceof ApiError ? error.field : undefined,
        },
      });
    } finally {
      clearTimeout(limit);
    }
  };

  /** To be called from the click itself: browsers open windows only then. */
  const start = (body: Record<string, unknown>): Promise<void> => {
    popup.current = openWindow();
    const blocked = popup.current === null;
    return ask<Attempt>("/api/connect-attempts", body, (attempt) => {
      if (settle(attempt)) return;
      attemptId.current = attempt.id;
      const closedEarly = popup.current?.closed ?? false;
      if (popup.current && !closedEarly && attempt.authorize_url)
        popup.current.location.replace(attempt.authorize_url);
      setPhase({ name: "waiting", attempt, window: blocked ? "blocked" : closedEarly ? "closed" : "open" });
    });
  };

  /** Connects by a way without a browser. */
  const connect = (body: Record<string, unknown>): Promise<void> =>
    ask<Account>(newAccountPath(), body, (account) => finish({ name: "done", account }));

  /** The same attempt in a new window, after the first was blocked or closed. */
  const reopen = (attempt: Attempt): void => {
    popup.current = openWindow();
    if (popup.current && attempt.authorize_url) popup.current.location.replace(attempt.authorize_url);
    setPhase({ name: "waiting", attempt, window: popup.current ? "open" : "blocked" });
  };

  /** Gives the attempt up; harmless when there is none. */
  const cancel = useCallback((): void => {
    const id = attemptId.current;
    asking.current?.abort();
    asking.current = undefined;
    finish({ name: "form" });
    if (id) void api("DELETE", `/api/connect-attempts/${id}`).catch(() => undefined);
  }, [finish]);

  const waitingFor = phase.name === "waiting" ? phase.attempt.id : undefined;
  useEffect(() => {
    if (!waitingFor) return;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    let closedSince: number | undefined;

    const look = async () => {
      clearTimeout(timer);
      try {
        const attempt = await api<Attempt>("GET", `/api/connect-attempts/${waitingFor}`);
        if (stopped || settle(attempt)) return;
      } catch (error) {
        if (stopped) return;
        // A host that is away for a moment may come back; an attempt it does not know will not.
        if (error instanceof ApiError && error.status !== 0)
          return finish({ name: "form", error: { message: wordsOf(error) } });
      }
      // An instance may cut the tie to its window, which then looks closed from here; so keep asking all the same.
      if (popup.current?.closed) closedSince ??= Date.now();
      else closedSince = undefined;
      if (closedSince !== undefined && Date.now() - closedSince > closedGraceMs)
        setPhase((now) =>
          now.name === "waiting" && now.window === "open" ? { ...now, window: "closed" } : now,
        );
      timer = setTimeout(() => void look(), 1_000);
    };
    const heard = (event: MessageEvent) => {
      if (event.origin === window.location.origin && isResult(event.data)) void look();
    };
    window.addEventListener("message", heard);
    timer = setTimeout(() => void look(), 1_000);
    return () => {
      stopped = true;
      clearTimeout(timer);
      window.removeEventListener("message", heard);
    };
  }, [waitingFor, settle, finish]);

  return {
    phase,
    start,
    connect,
    reopen,
    cancel,
    done: (account: { id: string; name?: string | null }) => finish({ name: "done", account }),
  };
}

function isResult(data: unknown): boolean {
  return (
    typeof data === "object" &&
    data !== null &&
    "type" in data &&
    (data.type === "success" || data.type === "error")
  );
}

function openWindow(): Window | null {
  const width = Math.min(620, window.screen.availWidth);
  const height = Math.min(780, window.screen.availHeight);
  const left = Math.round(window.screenX + Math.max(0, (window.outerWidth - width) / 2));
  const top = Math.round(window.screenY + Math.max(0, (window.outerHeight - height) / 3));
  const opened = window.open(
    "about:blank",
    "_blank",
    `popup,width=${width},height=${height},left=${left},top=${top}`,
  );
  if (!opened) return null;
  opened.document.title = "Connecting…";
  opened.document.body.textContent = "Looking for the sign-in page…";
  return opened;
}

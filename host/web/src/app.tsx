import { lazy, Suspense, useEffect } from "react";
import { ActionRunPage } from "./action-runs/run-page";
import { ActionRunsPage } from "./action-runs/runs-page";
import { useAccounts, useSession } from "./api/queries";
import { useLiveUpdates, useStreamState } from "./api/stream";
import { AccountsPage } from "./pages/accounts";
import { ActionPage, ActionsPage } from "./pages/actions";
import { EditTriggerPage } from "./pages/edit-trigger";
import { ChooseTriggerPage, NewTriggerPage } from "./pages/new-trigger";
import { TriggerPage } from "./pages/trigger";
import { TriggersPage } from "./pages/triggers";
import { linkTo, useRoute } from "./router";
import { SignInPage } from "./pages/sign-in";
import { Notice } from "./ui/notice";
import { PageHeading } from "./ui/page-heading";
import { Waiting } from "./ui/waiting";
import { SessionLinks } from "./sessions/session-links";
import { SessionsPage } from "./sessions/sessions-page";
import { ApiError } from "./api/http";

/** The builder and its editors are many times the size of the rest, so they come when they are asked for. */
const WorkflowPages = lazy(() => import("./workflows/pages"));

const sections = [
  ["accounts", "Accounts"],
  ["triggers", "Triggers"],
  ["actions", "Actions"],
  ["workflows", "Workflows"],
] as const;

export function App() {
  const session = useSession();
  if (session.isPending) return <Shell>{<Waiting>Starting…</Waiting>}</Shell>;
  if (session.error instanceof ApiError && session.error.status === 401)
    return <SignInPage reason={session.error.message} />;
  if (session.error)
    return (
      <Shell>
        <Notice kind="error" title="The page cannot start">
          {session.error.message}
        </Notice>
      </Shell>
    );
  return <Pages />;
}

function Pages() {
  useLiveUpdates();
  const live = useStreamState();
  const route = useRoute();
  const accounts = useAccounts().data;
  const section = route[0];
  // Decided once, when the page is opened: connecting the first account must not lead away from where it was done.
  useEffect(() => {
    if (section === undefined && accounts)
      window.location.replace(linkTo(accounts.length > 0 ? "triggers" : "accounts"));
  }, [section, accounts]);
  return (
    <Shell {...(section ? { section } : {})}>
      {live === "lost" && (
        <Notice kind="warning">
          The host does not answer at the moment. The page goes on as soon as it does.
        </Notice>
      )}
      <div key={route.join("/")}>{pageFor(section, route)}</div>
    </Shell>
  );
}

function pageFor(section: string | undefined, route: string[]) {
  const [, second, third, fourth] = route;
  if (section === undefined) return <Waiting>Starting…</Waiting>;
  if (section === "accounts") return <AccountsPage />;
  if (section === "workflows")
    return (
      <Suspense fallback={<Waiting>Loading the workflows…</Waiting>}>
        <WorkflowPages route={route.slice(1)} />
      </Suspense>
    );
  if (section === "sessions") return <SessionsPage />;
  if (section === "triggers") {
    if (second === undefined) return <TriggersPage />;
    if (second !== "new")
      return third === "edit" ? <EditTriggerPage id={second} /> : <TriggerPage id={second} />;
    if (third === undefined) return <ChooseTriggerPage />;
    return <NewTriggerPage componentKey={third} {...(fourth === undefined ? {} : { copyOf: fourth })} />;
  }
  if (section === "actions") {
    if (second === undefined) return <ActionsPage />;
    if (second === "runs") return third === undefined ? <ActionRunsPage /> : <ActionRunPage id={third} />;
    return <ActionPage componentKey={second} {...(third === undefined ? {} : { runId: third })} />;
  }
  return (
    <>
      <PageHeading>There is no such page</PageHeading>
      <p>Choose one of the pages above.</p>
    </>
  );
}

function Shell({ section, children }: { section?: string; children: React.ReactNode }) {
  return (
    <>
      <a className="skip" href="#main" onClick={skipToMain}>
        Skip to the page
      </a>
      <header className="top-bar">
        <div className="inner">
          <span className="brand">
            <img src="/icon.svg" alt="" width="24" height="24" />
            Workflow host
          </span>
          <nav aria-label="Pages">
            {sections.map(([name, label]) => (
              <a key={name} href={linkTo(name)} aria-current={section === name ? "page" : undefined}>
                {label}
              </a>
            ))}
          </nav>
          <SessionLinks current={section === "sessions"} />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

/** The address after `#` is the page's own, so the jump is made by hand. */
function skipToMain(event: React.MouseEvent): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

import { useMutation, useQuery } from "@tanstack/react-query";
import { api } from "../api/http";
import { queryClient } from "../api/queries";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { PageHeading } from "../ui/page-heading";
import { Waiting } from "../ui/waiting";
import { Time } from "../ui/time";
import { signOut } from "./sign-out";

interface PageSession {
  id: string;
  browser: string;
  created_at: string;
  last_used_at: string;
  expires_at: string;
  current: boolean;
}

/** The browsers that are signed in to the host, each to be signed out. */
export function SessionsPage() {
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: ({ signal }) => api<{ data: PageSession[] }>("GET", "/api/sessions", undefined, signal),
  });
  const endOthers = useMutation({
    mutationFn: () => api("DELETE", "/api/sessions"),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["sessions"] }),
  });
  const list = sessions.data?.data;
  return (
    <>
      <PageHeading
        actions={
          list && list.length > 1 ? (
            <Button look="danger" busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
              Sign out all others
            </Button>
          ) : undefined
        }
      >
        Sessions
      </PageHeading>
      {sessions.isPending && <Waiting>Loading the sessions…</Waiting>}
      {(sessions.error ?? endOthers.error) && (
        <Notice kind="error" title="That did not work">
          {(sessions.error ?? endOthers.error)?.message}
        </Notice>
      )}
      {list && (
        <ul className="cards" aria-label="Signed-in browsers">
          {list.map((session) => (
            <SessionCard key={session.id} session={session} />
          ))}
        </ul>
      )}
      <p className="about">
        <code>npm run sign-in</code> on the machine of the host makes a link for one more browser.
      </p>
    </>
  );
}

function SessionCard({ session }: { session: PageSession }) {
  const end = useMutation({
    mutationFn: () => (session.current ? signOut() : api("DELETE", `/api/sessions/${session.id}`)),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["sessions"] }),
  });
  return (
    <li className="card">
      <div className="stack tight">
        <div className="row">
          <strong>{browserName(session.browser)}</strong>
          {session.current && <Badge kind="good">This browser</Badge>}
        </div>
        <p className="about">
          Signed in <Time value={session.created_at} />, last used <Time value={session.last_used_at} />, ends{" "}
          <Time value={session.expires_at} />.
        </p>
        {end.error && <Notice kind="error">{end.error.message}</Notice>}
        <div className="row">
          <Button busy={end.isPending} onClick={() => end.mutate()}>
            Sign out
          </Button>
        </div>
      </div>
    </li>
  );
}

/** "Firefox on Linux", as far as the browser says it. */
function browserName(userAgent: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(userAgent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(userAgent)?.[1];
  const name = { Edg: "Edge", OPR: "Opera" }[browser ?? ""] ?? browser;
  if (!name) return userAgent === "" ? "Unknown browser" : userAgent.slice(0, 60);
  return system ? `${name} on ${system.replace("Mac OS X", "macOS")}` : name;
}

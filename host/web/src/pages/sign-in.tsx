import { Notice, PageHeading } from "../ui/basics";

/** Shown where the host gave this browser no session: it does so only to browsers on its own machine. */
export function SignInPage() {
  return (
    <main>
      <PageHeading>The session has ended</PageHeading>
      <Notice kind="warning">
        Reload this page to begin a new session. If that does not help, open the address that the host printed
        when it started, on the machine it runs on.
      </Notice>
    </main>
  );
}

import { Button } from "../ui/button";
import { PageHeading } from "../ui/page-heading";
import { queryClient } from "../api/queries";

/** Shown to a browser that is not signed in. There is nothing to type: a link signs in. */
export function SignInPage({ reason }: { reason: string }) {
  return (
    <main>
      <div className="narrow stack">
        <PageHeading>Sign in with a link</PageHeading>
        <p>{reason}</p>
        <p>
          The host prints a sign-in link when it starts. To get a new one, run this on the machine of the
          host, with the same <code>DATA_DIR</code>:
        </p>
        <pre>
          <code>npm run sign-in</code>
        </pre>
        <p>A link works once, within ten minutes. Open it in this browser.</p>
        <div className="row">
          <Button onClick={() => void queryClient.resetQueries({ queryKey: ["session"] })}>
            I have signed in
          </Button>
        </div>
      </div>
    </main>
  );
}

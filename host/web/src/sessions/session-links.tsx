import { useMutation } from "@tanstack/react-query";
import { linkTo } from "../router";
import { Button } from "../ui/button";
import { signOut } from "./sign-out";

/** At the end of the top bar: which browsers are signed in, and the way out. */
export function SessionLinks({ current }: { current: boolean }) {
  const leave = useMutation({ mutationFn: signOut });
  return (
    <div className="session-links">
      <a href={linkTo("sessions")} aria-current={current ? "page" : undefined}>
        Sessions
      </a>
      <Button look="quiet" busy={leave.isPending} onClick={() => leave.mutate()}>
        Sign out
      </Button>
    </div>
  );
}

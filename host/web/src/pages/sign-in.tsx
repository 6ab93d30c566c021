import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { signIn } from "../api/http";
import { queryClient } from "../api/queries";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { PageHeading } from "../ui/page-heading";
import { Field } from "../ui/field";

/** Asked where the host gives no session by itself: it does so only to browsers on its own machine. */
export function SignInPage({ reason }: { reason: string }) {
  const [key, setKey] = useState("");
  const enter = useMutation({
    mutationFn: () => signIn(key.trim()),
    onSuccess: () => queryClient.resetQueries({ queryKey: ["session"] }),
  });
  return (
    <main>
      <div className="narrow">
        <PageHeading>Enter the host’s key</PageHeading>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (key.trim() !== "" && !enter.isPending) enter.mutate();
          }}
        >
          <p>{reason}</p>
          <Field label="Key">
            {(ids) => (
              <input
                {...ids}
                type="password"
                autoComplete="current-password"
                autoFocus
                value={key}
                onChange={(event) => setKey(event.currentTarget.value)}
              />
            )}
          </Field>
          {enter.error && <Notice kind="error">{enter.error.message}</Notice>}
          <div className="row">
            <Button look="primary" type="submit" busy={enter.isPending} disabled={key.trim() === ""}>
              Continue
            </Button>
          </div>
        </form>
      </div>
    </main>
  );
}

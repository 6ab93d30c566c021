import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/http";
import { queryClient } from "../api/queries";
import { linkTo } from "../router";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { PageHeading } from "../ui/page-heading";
import { Time } from "../ui/time";
import { useVariables } from "./api";

/** Named values that workflows read as `env.NAME`. They are shown to nobody again. */
export function VariablesPage() {
  const variables = useVariables();
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const refresh = () => queryClient.invalidateQueries({ queryKey: ["variables"] });
  const set = useMutation({
    mutationFn: () => api("PUT", `/api/variables/${encodeURIComponent(name.trim())}`, { value }),
    onSuccess: async () => {
      setName("");
      setValue("");
      await refresh();
    },
  });
  const remove = useMutation({
    mutationFn: (which: string) => api("DELETE", `/api/variables/${encodeURIComponent(which)}`),
    onSuccess: refresh,
  });
  const error = set.error ?? remove.error ?? variables.error;
  return (
    <>
      <PageHeading
        back={
          <a className="back" href={linkTo("workflows")}>
            ← Workflows
          </a>
        }
      >
        Variables
      </PageHeading>
      <div className="narrow stack">
        <p className="lead">
          Workflows read a variable as <code>{"{{ env.NAME }}"}</code>. Values are stored encrypted, are
          masked where steps are shown, and are shown to nobody again.
        </p>
        {error && <Notice kind="error">{error.message}</Notice>}
        <ul className="rows" aria-label="Variables">
          {variables.data?.map((variable) => (
            <li key={variable.name} className="row spread padded">
              <span>
                <code>{variable.name}</code>{" "}
                <span className="about">
                  {variable.updated_at === null ? (
                    "set in the host's environment"
                  ) : (
                    <>
                      set <Time value={variable.updated_at} />
                    </>
                  )}
                </span>
              </span>
              {variable.updated_at !== null && (
                <Button look="quiet" className="small" onClick={() => remove.mutate(variable.name)}>
                  Remove<span className="unseen"> {variable.name}</span>
                </Button>
              )}
            </li>
          ))}
        </ul>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== "" && !set.isPending) set.mutate();
          }}
        >
          <Field label="Name" description="Letters, digits and _.">
            {(ids) => (
              <input
                {...ids}
                className="mono"
                autoComplete="off"
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            )}
          </Field>
          <Field label="Value">
            {(ids) => (
              <input
                {...ids}
                type="password"
                autoComplete="off"
                value={value}
                onChange={(event) => setValue(event.currentTarget.value)}
              />
            )}
          </Field>
          <div className="row">
            <Button look="primary" type="submit" busy={set.isPending} disabled={name.trim() === ""}>
              Set variable
            </Button>
          </div>
        </form>
      </div>
    </>
  );
}

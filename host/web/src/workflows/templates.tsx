import { useMutation, useQuery } from "@tanstack/react-query";
import { api } from "../api/http";
import { queryClient, useAccounts } from "../api/queries";
import type { Account } from "../api/types";
import { goTo } from "../router";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { createDraft } from "./api";

interface Template {
  id: string;
  name: string;
  description: string;
  yaml: string;
  picture: string;
}

/** A template names an account `my-APP`: the first one of that app that works takes its place. */
function withAccounts(yaml: string, accounts: Account[]): string {
  return yaml.replace(/account: my-([\w-]+)/g, (text, app: string) => {
    const found = accounts.find((account) => account.app.name_slug === app && account.healthy);
    return found ? `account: ${JSON.stringify(found.name ?? found.id)}` : text;
  });
}

/** Workflows to begin with. */
export function Templates() {
  const templates = useQuery({
    queryKey: ["workflow-templates"],
    queryFn: async ({ signal }) =>
      (await api<{ data: Template[] }>("GET", "/api/workflow-templates", undefined, signal)).data,
    staleTime: Infinity,
  });
  const accounts = useAccounts().data;
  const create = useMutation({
    mutationFn: ({ yaml }: Template) => createDraft({ yaml: withAccounts(yaml, accounts ?? []) }),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ["workflows"] });
      goTo("workflows", id);
    },
  });
  if (!templates.data?.length) return null;
  return (
    <section aria-labelledby="templates-heading">
      <h2 id="templates-heading">Start from a template</h2>
      {create.error && <Notice kind="error">{create.error.message}</Notice>}
      <ul className="template-cards">
        {templates.data.map((template) => (
          <li key={template.id} className="card">
            <img src={template.picture} alt="" loading="lazy" width="320" height="180" />
            <span className="card-title">{template.name}</span>
            <span className="about">{template.description}</span>
            <span className="row">
              <Button
                className="small"
                busy={create.isPending && create.variables.id === template.id}
                onClick={() => create.mutate(template)}
              >
                Use this template<span className="unseen">: {template.name}</span>
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

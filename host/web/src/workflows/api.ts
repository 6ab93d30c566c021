import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, apiText } from "../api/http";
import type { RunFilter } from "../api/run-filter";
import type { Definition } from "./definition";
import type {
  Bar,
  ListedWorkflow,
  Problem,
  RunStatus,
  RunSummary,
  SampleEvent,
  Workflow,
  WorkflowDetail,
  WorkflowRun,
} from "./types";

const base = "/api/workflows";

export const useWorkflows = () =>
  useQuery({
    queryKey: ["workflows"],
    queryFn: ({ signal }) => api<ListedWorkflow[]>("GET", base, undefined, signal),
  });

export const useWorkflow = (id: string) =>
  useQuery({
    queryKey: ["workflow", id],
    queryFn: ({ signal }) => api<WorkflowDetail>("GET", `${base}/${id}`, undefined, signal),
  });

const RUNS_A_PAGE = 50;

export const useWorkflowRuns = (id: string, filter: RunFilter<RunStatus>) =>
  useInfiniteQuery({
    queryKey: ["workflow-runs", id, filter],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(RUNS_A_PAGE) });
      if (filter.status !== "") query.set("status", filter.status);
      if (filter.words !== "") query.set("q", filter.words);
      if (filter.hours > 0) query.set("from", new Date(Date.now() - filter.hours * 3_600_000).toISOString());
      if (pageParam !== "") query.set("after", pageParam);
      return api<RunSummary[]>("GET", `${base}/${id}/runs?${query.toString()}`, undefined, signal);
    },
    getNextPageParam: (last) => (last.length < RUNS_A_PAGE ? undefined : last.at(-1)?.id),
    placeholderData: keepPreviousData,
  });

const isOver = ({ status }: RunSummary): boolean =>
  status === "succeeded" || status === "failed" || status === "cancelled";

export const useRun = (id: string | undefined) =>
  useQuery({
    queryKey: ["workflow-run", id],
    queryFn: ({ signal }) => api<WorkflowRun>("GET", `/api/runs/${id ?? ""}`, undefined, signal),
    enabled: id !== undefined,
    // What is streamed comes at once; this is for a stream that is away.
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : 2_000),
    placeholderData: (previous) => (previous?.id === id ? previous : undefined),
  });

export const useFigures = (id: string, period: string) =>
  useQuery({
    queryKey: ["workflow-figures", id, period],
    queryFn: async ({ signal }) =>
      (await api<{ data: Bar[] }>("GET", `${base}/${id}/figures?period=${period}`, undefined, signal)).data,
  });

export interface Version {
  version: number;
  created_at: string;
  present: boolean;
}

export const useVersions = (id: string) =>
  useQuery({
    queryKey: ["workflow-versions", id],
    queryFn: ({ signal }) => api<Version[]>("GET", `${base}/${id}/versions`, undefined, signal),
  });

export interface Variable {
  name: string;
  /** Null: set for all users in the host's environment. */
  updated_at: string | null;
}

export const useVariables = () =>
  useQuery({
    queryKey: ["variables"],
    queryFn: ({ signal }) => api<Variable[]>("GET", "/api/variables", undefined, signal),
  });

/** A definition, or the YAML text it is written as. */
export type Draft = { definition: Definition } | { yaml: string };

function send<T>(method: "POST" | "PUT", path: string, draft: Draft): Promise<T> {
  return "yaml" in draft ? apiText<T>(method, path, draft.yaml) : api<T>(method, path, draft.definition);
}

export const createDraft = (draft: Draft) => send<Workflow>("POST", `${base}/drafts`, draft);
export const saveDraft = (id: string, draft: Draft) => send<Workflow>("PUT", `${base}/${id}/draft`, draft);
export const publish = (id: string, draft: Draft) => send<Workflow>("PUT", `${base}/${id}`, draft);
export const validate = async (draft: Draft) =>
  (await send<{ problems: Problem[] }>("POST", `${base}/validate`, draft)).problems;
export const discardDraft = (id: string) => api<Workflow>("DELETE", `${base}/${id}/draft`);
export const setEnabled = (id: string, enabled: boolean) =>
  api<Workflow>("POST", `${base}/${id}/${enabled ? "enable" : "disable"}`);
export const deleteWorkflow = (id: string) => api("DELETE", `${base}/${id}`);
export const testWorkflow = (id: string, event: unknown, step?: string, fromRun?: string) =>
  api<WorkflowRun>("POST", `${base}/${id}/test`, {
    event,
    ...(step === undefined ? {} : { step }),
    ...(fromRun === undefined ? {} : { from_run: fromRun }),
  });
export const sampleEvents = async (uses: string, props: Record<string, unknown>) =>
  (await api<{ data: SampleEvent[] }>("POST", `${base}/sample-events`, { uses, props })).data;

import { keepPreviousData, QueryClient, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, ApiError, externalUserId, getSession, listAll, projectPath, whenSignedOut } from "./http";
import type { RunFilter } from "./run-filter";
import type {
  Account,
  AppInfo,
  Component,
  Connection,
  DeployedTrigger,
  Run,
  Trigger,
  TriggerEvent,
} from "./types";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Only a host that is away may come back by itself; an answer, also a bad one, is shown at once.
      retry: (count, error) => error instanceof ApiError && error.status === 0 && count < 2,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

// The page then asks for a sign-in instead of showing the refusal everywhere.
whenSignedOut(() => void queryClient.resetQueries({ queryKey: ["session"] }));

const user = `external_user_id=${externalUserId}`;

export const useSession = () => useQuery({ queryKey: ["session"], queryFn: getSession, staleTime: Infinity });

export const useApps = () =>
  useQuery({
    queryKey: ["apps"],
    queryFn: ({ signal }) => listAll<AppInfo>("/v1/connect/apps?limit=100", signal),
    staleTime: 60_000,
  });

export const useAccounts = (app?: string) =>
  useQuery({
    queryKey: ["accounts"],
    queryFn: ({ signal }) => listAll<Account>(`${projectPath}/accounts?${user}&limit=100`, signal),
    select: (accounts) => (app ? accounts.filter((account) => account.app.name_slug === app) : accounts),
  });

export const useConnection = (app: string | undefined) =>
  useQuery({
    queryKey: ["connection", app],
    queryFn: ({ signal }) =>
      api<Connection>("GET", `/api/apps/${encodeURIComponent(app!)}/connection`, undefined, signal),
    enabled: app !== undefined,
    staleTime: 60_000,
  });

/** One component; asked for as a trigger or an action, an unknown key is answered with near ones of that kind. */
export const useComponent = (
  key: string | undefined,
  kind: "components" | "triggers" | "actions" = "components",
) =>
  useQuery({
    queryKey: ["component", kind, key],
    queryFn: async ({ signal }) => {
      const path = `${projectPath}/${kind}/${encodeURIComponent(key ?? "")}?${user}`;
      return (await api<{ data: Component }>("GET", path, undefined, signal)).data;
    },
    enabled: key !== undefined,
    staleTime: 60_000,
  });

/** A deployed trigger with its props, those that depend on its settings included; nothing is asked without an id. */
export const useDeployedTrigger = (id: string | undefined) =>
  useQuery({
    queryKey: ["deployed-trigger", id],
    queryFn: async ({ signal }) => {
      const path = `${projectPath}/deployed-triggers/${encodeURIComponent(id ?? "")}?${user}`;
      return (await api<{ data: DeployedTrigger }>("GET", path, undefined, signal)).data;
    },
    enabled: id !== undefined,
    staleTime: 0,
    gcTime: 0,
  });

export const useTriggers = () =>
  useQuery({
    queryKey: ["triggers"],
    queryFn: ({ signal }) => api<Trigger[]>("GET", "/api/triggers", undefined, signal),
    // Next-run times move on although nothing is streamed.
    refetchInterval: 30_000,
  });

export const eventsKept = 200;

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

/** Which events are asked for. */
export interface EventFilter {
  words: string;
  /** How far back, in hours; 0: all. */
  hours: number;
}

/** Events of a trigger, newest first: those before the one with this id, or the newest. */
export async function fetchEvents(
  id: string,
  { words, hours }: EventFilter,
  before?: string,
  signal?: AbortSignal,
): Promise<TriggerEvent[]> {
  const query = new URLSearchParams({ external_user_id: externalUserId, n: String(eventsKept) });
  if (words !== "") query.set("q", words);
  if (hours > 0) query.set("from", hoursAgo(hours));
  if (before !== undefined) query.set("before", before);
  const path = `${projectPath}/deployed-triggers/${id}/events?${query.toString()}`;
  // The host gives them in the order of their coming.
  return (await api<{ data: TriggerEvent[] }>("GET", path, undefined, signal)).data.reverse();
}

/** The newest events, kept up to date from the stream. */
export const useEvents = (id: string) =>
  useQuery({
    queryKey: ["events", id],
    queryFn: ({ signal }) => fetchEvents(id, { words: "", hours: 0 }, undefined, signal),
  });

/** The events that a filter leaves, wherever in the trigger's history they are. */
export const useFoundEvents = (id: string, filter: EventFilter, enabled: boolean) =>
  useQuery({
    queryKey: ["event-search", id, filter],
    queryFn: ({ signal }) => fetchEvents(id, filter, undefined, signal),
    enabled,
    placeholderData: keepPreviousData,
  });

export type TriggerRunStatus = "ok" | "error";
const RUNS_A_PAGE = 20;

/** The runs of a trigger that a filter leaves, newest first. */
export const useTriggerRuns = (id: string, filter: RunFilter<TriggerRunStatus>) =>
  useInfiniteQuery({
    queryKey: ["runs", id, filter],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(RUNS_A_PAGE) });
      if (filter.status !== "") query.set("status", filter.status);
      if (filter.words !== "") query.set("q", filter.words);
      if (filter.hours > 0) query.set("from", hoursAgo(filter.hours));
      if (pageParam !== "") query.set("after", pageParam);
      return api<Run[]>("GET", `/api/triggers/${id}/runs?${query.toString()}`, undefined, signal);
    },
    getNextPageParam: (last) => (last.length < RUNS_A_PAGE ? undefined : last.at(-1)?.id),
    placeholderData: keepPreviousData,
  });

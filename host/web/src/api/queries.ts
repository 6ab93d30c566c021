import { QueryClient, useQuery } from "@tanstack/react-query";
import { api, ApiError, externalUserId, getSession, listAll, projectPath, whenSignedOut } from "./http";
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

/** The newest events, newest first; with words those that have them, wherever in the trigger's history they are. */
export const useEvents = (id: string, words = "") =>
  useQuery({
    queryKey: words ? ["event-search", id, words] : ["events", id],
    queryFn: async ({ signal }) => {
      const search = words ? `&q=${encodeURIComponent(words)}` : "";
      const path = `${projectPath}/deployed-triggers/${id}/events?${user}&n=${eventsKept}${search}`;
      // The host gives them in the order of their coming.
      return (await api<{ data: TriggerEvent[] }>("GET", path, undefined, signal)).data.reverse();
    },
    placeholderData: (previous) => (words ? previous : undefined),
  });

export const useRuns = (id: string) =>
  useQuery({
    queryKey: ["runs", id],
    queryFn: ({ signal }) => api<Run[]>("GET", `/api/triggers/${id}/runs?limit=20`, undefined, signal),
  });

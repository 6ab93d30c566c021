import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, externalUserId } from "../api/http";
import { queryClient } from "../api/queries";
import { onStream } from "../api/stream";
import type { RunFilter } from "../api/run-filter";

/** Runs of actions as the host's API gives them. Names are the wire's own. */
export type ActionRunStatus = "running" | "succeeded" | "failed" | "cancelled";

export interface ActionRunSummary {
  id: string;
  /** The key of the action. */
  action: string;
  version: string;
  caller: "operator" | "server" | "page" | "connect";
  /** The program that started it. */
  client: string;
  status: ActionRunStatus;
  summary: string | null;
  error: { message: string } | null;
  repeat_of: string | null;
  started_at: string;
  finished_at: string | null;
}

export interface ActionRun extends ActionRunSummary {
  /** Secrets are masked. */
  input: Record<string, unknown>;
  result: unknown;
  /** Its time is over, which is a day after the run. */
  result_removed: boolean;
  exports: Record<string, unknown>;
  logs: { ts: number; level?: string; message: string }[];
  files: { name: string; bytes: number; url: string }[];
}

const base = "/api/action-runs";
const RUNS_A_PAGE = 50;

export const useActionRuns = (filter: RunFilter<ActionRunStatus>, action?: string) =>
  useInfiniteQuery({
    queryKey: ["action-runs", filter, action],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(RUNS_A_PAGE) });
      if (filter.status !== "") query.set("status", filter.status);
      if (filter.words !== "") query.set("q", filter.words);
      if (filter.hours > 0) query.set("from", new Date(Date.now() - filter.hours * 3_600_000).toISOString());
      if (action !== undefined) query.set("action", action);
      if (pageParam !== "") query.set("after", pageParam);
      return api<ActionRunSummary[]>("GET", `${base}?${query.toString()}`, undefined, signal);
    },
    getNextPageParam: (last) => (last.length < RUNS_A_PAGE ? undefined : last.at(-1)?.id),
    placeholderData: keepPreviousData,
  });

export const useActionRun = (id: string | undefined) =>
  useQuery({
    queryKey: ["action-run", id],
    queryFn: ({ signal }) => api<ActionRun>("GET", `${base}/${id ?? ""}`, undefined, signal),
    enabled: id !== undefined,
    // Its end is streamed; this is for a stream that is away.
    refetchInterval: ({ state }) => (state.data && state.data.status !== "running" ? false : 2_000),
    placeholderData: (previous) => (previous?.id === id ? previous : undefined),
  });

/** Brings what is shown of runs up to date with what the host streams. */
export function useActionRunUpdates(): void {
  useEffect(
    () =>
      onStream<{ run_id: string }>("action-run", ({ run_id }) => {
        void queryClient.invalidateQueries({ queryKey: ["action-run", run_id] });
        void queryClient.invalidateQueries({ queryKey: ["action-runs"] });
      }),
    [],
  );
}

export const startAction = (
  id: string,
  configured: Record<string, unknown>,
  dynamicPropsId: string | undefined,
): Promise<ActionRun> =>
  api<ActionRun>("POST", base, {
    id,
    external_user_id: externalUserId,
    configured_props: configured,
    ...(dynamicPropsId ? { dynamic_props_id: dynamicPropsId } : {}),
  });

export const cancelRun = (id: string) => api("POST", `${base}/${id}/cancel`);
export const repeatRun = (id: string) => api<ActionRun>("POST", `${base}/${id}/repeat`);

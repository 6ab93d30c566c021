import { useQuery } from "@tanstack/react-query";
import { api, externalUserId, projectPath } from "../api/http";

/** A receiver of a trigger's events, as the host's API gives it. Names are the wire's own. */
export interface Receiver {
  id: string;
  url: string;
  /** Only in the answer that made it. */
  signing_key?: string;
  /** Since the last success; null when the last delivery arrived. */
  failures: { count: number; last_error: string | null; last_failed_at: number | null } | null;
  /** Deliveries that are still to come. */
  waiting: number;
  /** Deliveries that were given up. */
  dead: number;
}

export interface DeadLetter {
  event_id: string;
  summary: string | null;
  failed_at: number | null;
  error: string | null;
}

/** Deliveries are not streamed: what waits or fails is looked at often, what is in order now and then. */
const LOOK_MS = 2_000;
const LOOK_AGAIN_MS = 30_000;
const pathOf = (trigger: string, rest: string): string =>
  `${projectPath}/deployed-triggers/${trigger}/webhooks${rest}?external_user_id=${externalUserId}`;

export const useReceivers = (trigger: string) =>
  useQuery({
    queryKey: ["receivers", trigger],
    queryFn: async ({ signal }) =>
      (await api<{ webhooks: Receiver[] }>("GET", pathOf(trigger, ""), undefined, signal)).webhooks,
    refetchInterval: ({ state }) =>
      state.data?.some(({ waiting, failures }) => waiting > 0 || failures) ? LOOK_MS : LOOK_AGAIN_MS,
  });

export const useDeadLetters = (trigger: string, receiver: Receiver) =>
  useQuery({
    queryKey: ["dead-letters", trigger, receiver.id, receiver.dead],
    queryFn: async ({ signal }) =>
      (
        await api<{ data: DeadLetter[] }>(
          "GET",
          `${pathOf(trigger, `/${receiver.id}/dead-letters`)}&limit=100`,
          undefined,
          signal,
        )
      ).data,
    enabled: receiver.dead > 0,
  });

export const setReceivers = async (trigger: string, urls: string[]) =>
  (await api<{ webhooks: Receiver[] }>("PUT", pathOf(trigger, ""), { webhook_urls: urls })).webhooks;

export const newKey = async (trigger: string, receiver: string): Promise<Receiver> =>
  (await api<{ data: Receiver }>("POST", pathOf(trigger, `/${receiver}/regenerate_signing_key`))).data;

/** Sends dead letters again, all or that of one event. */
export const replayDead = (trigger: string, receiver: string, event?: string) =>
  api<{ replayed: number }>(
    "POST",
    pathOf(trigger, `/${receiver}/replay`),
    event === undefined ? {} : { event_ids: [event] },
  );

/** Sends events once more to all receivers and workflows of the trigger. */
export const replayEvents = (trigger: string, events: string[]) =>
  api<{ deliveries: number; runs: { id: string; workflow_id: string }[] }>(
    "POST",
    `/api/triggers/${trigger}/replay`,
    { event_ids: events },
  );

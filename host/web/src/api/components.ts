import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { toLabelledValue, type LabelledValue } from "../../../../components/prop-rules";
import type { FilterAsk } from "../../../../components/filter";
import { api, ApiError, externalUserId, listAll, projectPath } from "./http";
import type { Component, ConfigureAnswer, Observation, Prop, PropsAnswer } from "./types";

/** Every component of one kind; the page searches among them itself. */
export const useComponents = (kind: "triggers" | "actions") =>
  useQuery({
    queryKey: ["components", kind],
    queryFn: ({ signal }) =>
      listAll<Component>(`${projectPath}/${kind}?limit=100&external_user_id=${externalUserId}`, signal),
    staleTime: 60_000,
  });

interface OptionsPage {
  options: LabelledValue[];
  context: Record<string, unknown>;
  /** This page brought options that no page before had. */
  brought: boolean;
}

/** The options of a prop as its component finds them: page by page, by what is typed if the component searches itself. */
export const useRemoteOptions = (request: {
  componentKey: string;
  prop: Prop;
  configured: Record<string, unknown>;
  dynamicPropsId: string | undefined;
  query: string;
  enabled: boolean;
}) => {
  const { componentKey, prop, configured, dynamicPropsId, query, enabled } = request;
  const { [prop.name]: _own, ...others } = configured;
  return useInfiniteQuery({
    queryKey: ["options", componentKey, prop.name, dynamicPropsId, others, query],
    enabled: enabled && prop.remoteOptions === true,
    initialPageParam: { page: 0, context: {}, seen: new Set<unknown>() },
    queryFn: async ({ pageParam, signal }): Promise<OptionsPage> => {
      const answer = await api<ConfigureAnswer>(
        "POST",
        `${projectPath}/components/configure`,
        {
          id: componentKey,
          external_user_id: externalUserId,
          prop_name: prop.name,
          configured_props: others,
          ...(dynamicPropsId ? { dynamic_props_id: dynamicPropsId } : {}),
          page: pageParam.page,
          prev_context: pageParam.context,
          ...(query ? { query } : {}),
        },
        signal,
      );
      throwErrors(answer);
      const options = (answer.options ?? answer.stringOptions ?? []).map(toLabelledValue);
      return {
        options,
        context: answer.context ?? {},
        brought: options.some((option) => !pageParam.seen.has(option.value)),
      };
    },
    // Some components ignore the page and give the same list for ever: nothing new is the end.
    getNextPageParam: (last, pages) =>
      last.brought
        ? {
            page: pages.length,
            context: last.context,
            seen: new Set(pages.flatMap((page) => page.options.map((option) => option.value))),
          }
        : undefined,
    staleTime: 15_000,
    gcTime: 60_000,
    retry: false,
  });
};

export async function fetchProps(
  id: string,
  configured: Record<string, unknown>,
  dynamicPropsId: string | undefined,
  signal: AbortSignal,
): Promise<{ id: string; configurableProps: Prop[] }> {
  const answer = await api<PropsAnswer>(
    "POST",
    `${projectPath}/components/props`,
    {
      id,
      external_user_id: externalUserId,
      configured_props: configured,
      ...(dynamicPropsId ? { dynamic_props_id: dynamicPropsId } : {}),
    },
    signal,
  );
  throwErrors(answer);
  if (!answer.dynamicProps) throw new ApiError("The component gave no fields back.", 200);
  return answer.dynamicProps;
}

/** Columns, values or matches of a filter that is being built. */
export async function askFilter<T>(
  asked: { id: string; ask: FilterAsk; [more: string]: unknown },
  signal: AbortSignal,
): Promise<T> {
  const answer = await api<{ filter: T; errors?: string[]; observations?: Observation[] }>(
    "POST",
    `${projectPath}/components/filter`,
    { external_user_id: externalUserId, ...asked },
    signal,
  );
  throwErrors(answer);
  return answer.filter;
}

/** Component code fails inside a successful answer: its errors are texts with JSON in them, or observations. */
function throwErrors(answer: { errors?: string[]; observations?: Observation[] }): void {
  const first = answer.errors?.[0];
  if (first) throw new ApiError(errorText(first), 200);
  const observed = answer.observations?.find((observation) => observation.k === "error");
  if (observed) throw new ApiError(observed.err?.message ?? observed.message ?? "The component failed.", 200);
}

function errorText(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && "message" in parsed) return String(parsed.message);
  } catch {
    // Plain words already.
  }
  return text;
}

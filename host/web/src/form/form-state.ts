import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { isRequired } from "../../../../components/prop-rules";
import { useApps } from "../api/queries";
import { fetchProps } from "../api/components";
import { ApiError } from "../api/http";
import { useDebounced } from "../ui/use-debounced";
import type { Component, Prop } from "../api/types";
import type { Reading } from "../controls/reading";
import { draftsOfValues, forgetDrafts, keepDrafts, keptDrafts, type KeptDrafts } from "./kept-drafts";
import { controlOf, isAddedByHand, labelOf } from "./control-kind";
import { initialDraft, readDraft } from "./drafts";
import { holdsExpression, isExpressionDraft, isWholeExpression } from "./expression-draft";

export interface PropForm {
  component: Component;
  props: Prop[];
  /** Shown now, in order. */
  visible: Prop[];
  /** Optional and not added yet. */
  addable: Prop[];
  labelOf: (prop: Prop) => string;
  draft: (prop: Prop) => unknown;
  setDraft: (prop: Prop, draft: unknown) => void;
  add: (prop: Prop) => void;
  remove: (prop: Prop) => void;
  /** The error to show at a prop now: only after a try, or when what stands there cannot be read. */
  errorOf: (prop: Prop) => string | undefined;
  /** What would be sent, without what cannot be read. */
  configured: Record<string, unknown>;
  /** The same with expressions, whose values nobody knows yet. */
  values: Record<string, unknown>;
  dynamicPropsId: string | undefined;
  /** The fields are being made again after a change. */
  reloading: boolean;
  reloadError: string | undefined;
  retryReload: () => void;
  /** Required fields that stand before this one and are empty. */
  missingBefore: (prop: Prop) => string[];
  /** Checks everything. Gives the first prop at fault, or undefined when all is well. */
  check: () => Prop | undefined;
  /** Shows what the host refused at the fields themselves, until they are changed. */
  refuse: (error: Error) => void;
  clear: () => void;
}

/** What a form is for, so that each keeps its own drafts, and the values it begins with. */
interface FormPurpose {
  /** `run`, `deploy`, or `edit` with the trigger's id. */
  name: string;
  values?: Record<string, unknown> | undefined;
  /** The fields take `{{ … }}`, and what is typed is kept by whoever has the form. */
  takesExpressions?: boolean;
}

export function usePropForm(component: Component, purpose: FormPurpose): PropForm {
  const key = `${purpose.name} ${component.key}`;
  const beginning = (): KeptDrafts =>
    draftsOfValues(component.configurable_props, purpose.values ?? {}, purpose.takesExpressions);
  const [state, setState] = useState<KeptDrafts>(
    () => (purpose.takesExpressions === true ? undefined : keptDrafts(key)) ?? beginning(),
  );
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<Record<string, string>>({});
  const apps = useApps().data;

  const noAccountNeeded = (prop: Prop): boolean =>
    prop.type === "app" && apps?.find((app) => app.name_slug === prop.app)?.auth_type === null;
  const nameOf = (prop: Prop): string => {
    const appName = prop.type === "app" ? apps?.find((app) => app.name_slug === prop.app)?.name : undefined;
    return appName && !prop.label ? `${appName} account` : labelOf(prop);
  };
  const draftOf = (prop: Prop): unknown =>
    prop.name in state.drafts ? state.drafts[prop.name] : initialDraft(prop);
  const isShown = (prop: Prop): boolean =>
    controlOf(prop) !== "none" &&
    !noAccountNeeded(prop) &&
    (!isAddedByHand(prop) || state.added.includes(prop.name));
  const expressionIn = (prop: Prop): string | undefined => {
    const draft = draftOf(prop);
    if (isExpressionDraft(draft)) return draft.expression;
    return purpose.takesExpressions === true && isWholeExpression(draft) ? draft.trim() : undefined;
  };
  const read = (prop: Prop): Reading => {
    if (!isShown(prop)) return {};
    const expression = expressionIn(prop);
    if (expression === undefined) return readDraft(prop, draftOf(prop));
    return expression.trim() === "" ? {} : { value: expression };
  };
  const collect = (props: Prop[]): Record<string, unknown> =>
    Object.fromEntries(
      props.map((prop) => [prop.name, read(prop).value] as const).filter(([, value]) => value !== undefined),
    );
  const withoutExpressions = (values: Record<string, unknown>): Record<string, unknown> =>
    purpose.takesExpressions === true
      ? Object.fromEntries(
          Object.entries(values).filter(([, value]) => !holdsExpression(JSON.stringify(value))),
        )
      : values;

  const dynamic = useDynamicProps(component, (props) => ({
    configured: withoutExpressions(collect(props)),
    ready: props.every(
      (prop) =>
        !(prop.reloadProps || prop.type === "app") ||
        prop.optional ||
        noAccountNeeded(prop) ||
        (read(prop).value !== undefined && expressionIn(prop) === undefined),
    ),
  }));
  const { props } = dynamic;
  // Fields that come later, because they depend on others, begin with their values too.
  const given = purpose.values;
  useEffect(() => {
    if (given === undefined) return;
    setState((before) => {
      const late = props.filter((prop) => !(prop.name in before.drafts) && given[prop.name] !== undefined);
      if (late.length === 0) return before;
      const { drafts, added } = draftsOfValues(late, given, purpose.takesExpressions);
      return { drafts: { ...before.drafts, ...drafts }, added: [...before.added, ...added] };
    });
  }, [props]);
  const isCleared = useRef(false);
  useEffect(() => {
    if (!isCleared.current && purpose.takesExpressions !== true) keepDrafts(key, state, props);
    isCleared.current = false;
  }, [key, state, props, purpose.takesExpressions]);
  const visible = props.filter(isShown);
  const values = collect(props);
  const configured = withoutExpressions(values);
  const faultOf = (prop: Prop): string | undefined => {
    const { value, error } = read(prop);
    if (error) return error;
    return isRequired(prop) && value === undefined ? missingWords(prop) : undefined;
  };

  return {
    component,
    props,
    visible,
    addable: props.filter(
      (prop) => isAddedByHand(prop) && !noAccountNeeded(prop) && !state.added.includes(prop.name),
    ),
    labelOf: nameOf,
    draft: draftOf,
    setDraft: (prop, draft) => {
      setState((before) => ({ ...before, drafts: { ...before.drafts, [prop.name]: draft } }));
      setRefused(({ [prop.name]: _mended, ...others }) => others);
    },
    add: (prop) => setState((before) => ({ ...before, added: [...before.added, prop.name] })),
    remove: (prop) =>
      setState((before) => ({ ...before, added: before.added.filter((name) => name !== prop.name) })),
    errorOf: (prop) => (tried ? faultOf(prop) : undefined) ?? refused[prop.name],
    configured,
    values,
    dynamicPropsId: dynamic.id,
    reloading: dynamic.loading,
    reloadError: dynamic.error,
    retryReload: dynamic.retry,
    missingBefore: (prop) =>
      visible
        .slice(0, visible.indexOf(prop))
        .filter(
          (other) =>
            isRequired(other) &&
            (other.type === "app" || other.remoteOptions) &&
            read(other).value === undefined,
        )
        .map(nameOf),
    check: () => {
      setTried(true);
      return visible.find((prop) => faultOf(prop) !== undefined);
    },
    refuse: (error) =>
      setRefused(
        Object.fromEntries(
          (error instanceof ApiError ? error.problems : []).map(({ prop, message }) => [
            prop,
            `${labelOf(props.find((one) => one.name === prop) ?? { name: prop, type: "string" })} ${message}.`,
          ]),
        ),
      ),
    clear: () => {
      isCleared.current = true;
      forgetDrafts(key);
      setState(beginning());
      setTried(false);
    },
  };
}

function missingWords(prop: Prop): string {
  switch (controlOf(prop)) {
    case "app":
      return "Choose an account, or connect a new one.";
    case "select":
    case "multiselect":
      return `Choose a value for ${labelOf(prop)}.`;
    case "yesno":
      return "Choose yes or no.";
    default:
      return `${labelOf(prop)} is missing. Fill it in.`;
  }
}

/** The props of a component with `reloadProps`, asked for again whenever one of those props changed. */
function useDynamicProps(
  component: Component,
  look: (props: Prop[]) => { configured: Record<string, unknown>; ready: boolean },
) {
  const [latest, setLatest] = useState<{ id: string; props: Prop[] }>();
  const props = latest?.props ?? component.configurable_props;
  const reloads = props.filter((prop) => prop.reloadProps);
  const { configured, ready } = look(props);
  const signature = JSON.stringify(reloads.map((prop) => [prop.name, configured[prop.name] ?? null]));
  const settled = useDebounced(signature, 350);
  const previousId = useRef<string>(undefined);
  const enabled = reloads.length > 0 && ready && settled === signature;
  const query = useQuery({
    queryKey: ["dynamic-props", component.key, settled],
    queryFn: ({ signal }) => fetchProps(component.key, configured, previousId.current, signal),
    enabled,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
  useEffect(() => {
    if (!query.data) return;
    previousId.current = query.data.id;
    setLatest({ id: query.data.id, props: query.data.configurableProps });
  }, [query.data]);
  return {
    id: latest?.id,
    props,
    loading: reloads.length > 0 && ready && (settled !== signature || query.isFetching),
    error: enabled && query.error ? query.error.message : undefined,
    retry: () => void query.refetch(),
  };
}

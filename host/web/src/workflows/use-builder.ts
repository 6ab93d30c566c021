import { useMutation } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { parse, stringify } from "yaml";
import { queryClient } from "../api/queries";
import { isRecord } from "../../../../components/prop-rules";
import { useDebounced } from "../ui/use-debounced";
import { discardDraft, publish, saveDraft, setEnabled, validate, type Draft } from "./api";
import { readDefinition, type Definition } from "./definition";
import type { Problem, WorkflowDetail } from "./types";

const SAVE_MS = 700;

/** The state of a builder: the definition, its text, what is wrong with it, and that it is saved as one types. */
export function useBuilder(workflow: WorkflowDetail) {
  const stored = workflow.draft ?? { definition: workflow.definition, source: workflow.source };
  const [definition, setDefinition] = useState<Definition>(() => readDefinition(stored.definition));
  /** The text, where it was written as one: it is sent as it is, comments and all. */
  const [source, setSource] = useState<string | null>(stored.source);
  const [problems, setProblems] = useState<Problem[]>([]);
  const [isChanged, setIsChanged] = useState(workflow.draft !== null);
  const draft: Draft = source === null ? { definition } : { yaml: source };
  const text = JSON.stringify(draft);
  const saved = useRef(text);
  const settled = useDebounced(text, SAVE_MS);

  const save = useMutation({
    mutationFn: async (what: string) => {
      await saveDraft(workflow.id, JSON.parse(what) as Draft);
      saved.current = what;
    },
  });
  useEffect(() => {
    if (settled !== text) return;
    let isLate = false;
    void validate(draft).then(
      (found) => isLate || setProblems(found),
      (error: unknown) =>
        isLate || setProblems([{ path: "workflow", reason: error instanceof Error ? error.message : "" }]),
    );
    if (settled !== saved.current) save.mutate(settled);
    return () => {
      isLate = true;
    };
  }, [settled]);

  const refresh = (): Promise<unknown> =>
    Promise.all(
      [["workflows"], ["workflow", workflow.id], ["workflow-versions", workflow.id]].map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    );
  const publishing = useMutation({
    mutationFn: async (enable: boolean) => {
      const published = await publish(workflow.id, draft);
      if (enable && !published.enabled) await setEnabled(workflow.id, true);
      saved.current = text;
      setIsChanged(false);
      await refresh();
    },
  });
  const discarding = useMutation({
    mutationFn: async () => {
      await discardDraft(workflow.id);
      const before = readDefinition(workflow.definition);
      saved.current = JSON.stringify(
        workflow.source === null ? { definition: before } : { yaml: workflow.source },
      );
      setDefinition(before);
      setSource(workflow.source);
      setIsChanged(false);
      await refresh();
    },
  });

  const yamlText = useMemo(() => source ?? stringify(definition, { lineWidth: 0 }), [source, definition]);
  return {
    definition,
    yamlText,
    problems,
    isChanged,
    isSaving: save.isPending || settled !== text,
    saveError: save.error,
    publishing,
    discarding,
    /** Saves at once what was typed last, before it is tried. */
    flush: async () => {
      if (text !== saved.current) await save.mutateAsync(text);
    },
    change: (next: (before: Definition) => Definition) => {
      setDefinition(next);
      setSource(null);
      setIsChanged(true);
    },
    /** Takes a text as it is typed; what can be read of it is shown as steps. */
    changeText: (next: string) => {
      setSource(next);
      setIsChanged(true);
      try {
        const value: unknown = parse(next);
        if (isRecord(value)) setDefinition(readDefinition(value));
      } catch {
        // The problems say where it cannot be read.
      }
    },
  };
}

export type Builder = ReturnType<typeof useBuilder>;

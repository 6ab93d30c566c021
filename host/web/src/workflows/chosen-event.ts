import { useState } from "react";

/** The event that tests of a workflow run with. */
export interface ChosenEvent {
  label: string;
  value: unknown;
}

const longestText = 500_000;

/** Kept for this tab, so that a reload does not lose it. */
export function useChosenEvent(workflowId: string) {
  const address = `workflow event ${workflowId}`;
  const [chosen, setChosen] = useState<ChosenEvent | undefined>(() => {
    try {
      return JSON.parse(sessionStorage.getItem(address) ?? "null") as ChosenEvent | undefined;
    } catch {
      return undefined;
    }
  });
  return {
    chosen: chosen ?? undefined,
    choose: (event: ChosenEvent) => {
      setChosen(event);
      try {
        const text = JSON.stringify(event);
        if (text.length <= longestText) sessionStorage.setItem(address, text);
      } catch {
        // A browser that keeps nothing: it is chosen again after a reload.
      }
    },
  };
}

import { useState } from "react";

const addressOf = (action: string): string => `run of ${action}`;

function keptId(action: string): string | undefined {
  try {
    return sessionStorage.getItem(addressOf(action)) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The run that is shown beside the form of an action. A reload of this tab shows it again. */
export function useShownRun(action: string): [string | undefined, (run: string) => void] {
  const [id, setId] = useState(() => keptId(action));
  return [
    id,
    (run) => {
      setId(run);
      try {
        sessionStorage.setItem(addressOf(action), run);
      } catch {
        // A browser that keeps nothing shows it until the reload.
      }
    },
  ];
}

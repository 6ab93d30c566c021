import { ServiceNowError } from "../../errors";
import { textOf } from "../../table/cells";

/** A state a change may take next, by its model. */
export interface NextState {
  /** Stored value, as {@link Changes.moveTo} takes it. */
  value: string;
  /** What people read. */
  label: string;
  /** True for the state the change has now. */
  current: boolean;
  /** Conditions of the transition that do not hold yet. */
  unmet: string[];
}

interface RawTransition {
  from_state?: unknown;
  to_state?: unknown;
  transition_available?: unknown;
  conditions?: { passed?: unknown; condition?: { name?: unknown; description?: unknown } }[];
}

/** As the change API gives it. */
export interface RawNextStates {
  /** Stored values of the states that can be reached, the present one among them. */
  available_states?: unknown[];
  /** The ways between states, each with its conditions. */
  state_transitions?: RawTransition[][];
  /** Labels by stored value. */
  state_label?: Record<string, unknown>;
}

function unmetConditions(way: RawTransition): string[] {
  return (way.conditions ?? [])
    .filter(({ passed }) => String(passed) === "false")
    .map(({ condition }) => textOf(condition?.name) || textOf(condition?.description))
    .filter(Boolean);
}

/** The error of a step the model does not allow; it names the steps it does allow. */
export function notAllowed(
  id: string,
  state: string,
  states: NextState[],
  target: NextState | undefined,
): ServiceNowError {
  const open = states.filter(({ current, unmet }) => !current && unmet.length === 0);
  const unmet = target?.unmet ?? [];
  return new ServiceNowError({
    kind: "conflict",
    what: `Change ${id} cannot go to "${state}" now`,
    reason: unmet.length
      ? `These conditions of its model do not hold yet: ${unmet.join(", ")}`
      : "Its model does not allow this step from the state it is in",
    remedy: open.length
      ? `Allowed next: ${open.map(({ value, label }) => (label === value ? value : `${label} (${value})`)).join(", ")}`
      : "No other state is open to it; its approvals or tasks may have to be finished first",
  });
}

/** The states a change may take next, each with what does not hold yet for any of the ways to it. */
export function toNextStates(raw: RawNextStates): NextState[] {
  const transitions = (raw.state_transitions ?? []).flat();
  const from = transitions[0]?.from_state;
  return (raw.available_states ?? []).map(String).map((value) => {
    const ways = transitions.filter((way) => String(way.to_state) === value);
    const open = ways.length === 0 || ways.some((way) => String(way.transition_available) !== "false");
    return {
      value,
      label: textOf(raw.state_label?.[value]) || value,
      current: from !== undefined && textOf(from) === value,
      unmet: open ? [] : [...new Set(ways.flatMap(unmetConditions))],
    };
  });
}

import type { Dedupe, EmittedEvent } from "../execution/protocol";

/** What a source remembers of the ids it has emitted. */
export interface DedupeMemory {
  /** `unique`: the last 100 ids, oldest first. */
  ids?: string[];
  /** `greatest`: the highest id so far. */
  greatest?: number;
  /** `last`: the id of the newest event. */
  last?: string;
}

const REMEMBERED = 100;
/** Ids are compared up to this length, as the platform does. */
const ID_LENGTH = 64;

/**
 * Orders events from oldest to newest by their `ts` (without any, the order of the calls stays) and leaves out what the source emitted before.
 * An event without an id is emitted and remembered by nothing.
 */
export function dedupeEvents(
  mode: Dedupe,
  memory: DedupeMemory,
  emitted: EmittedEvent[],
): { events: EmittedEvent[]; memory: DedupeMemory } {
  const events = inOrder(emitted);
  const idOf = (event: EmittedEvent): string | undefined => event.id?.slice(0, ID_LENGTH);
  switch (mode) {
    case null:
      return { events, memory };
    case "unique": {
      const ids = [...(memory.ids ?? [])];
      const known = new Set(ids);
      const kept = events.filter((event) => {
        const id = idOf(event);
        if (id === undefined) return true;
        if (known.has(id)) return false;
        ids.push(id);
        known.add(id);
        if (ids.length > REMEMBERED) known.delete(ids.shift()!);
        return true;
      });
      return { events: kept, memory: { ids } };
    }
    case "greatest": {
      let greatest = memory.greatest ?? -Infinity;
      const kept = events.filter((event) => {
        const id = Number(event.id);
        if (event.id === undefined || Number.isNaN(id)) return true;
        if (id <= greatest) return false;
        greatest = id;
        return true;
      });
      return { events: kept, memory: greatest === -Infinity ? {} : { greatest } };
    }
    case "last": {
      const at =
        memory.last === undefined ? -1 : events.findLastIndex((event) => idOf(event) === memory.last);
      const kept = events.slice(at + 1);
      return {
        events: kept,
        memory: { last: events.map(idOf).findLast((id) => id !== undefined) ?? memory.last },
      };
    }
  }
}

function inOrder(events: EmittedEvent[]): EmittedEvent[] {
  return [...events].sort((a, b) => (a.ts ?? Infinity) - (b.ts ?? Infinity));
}

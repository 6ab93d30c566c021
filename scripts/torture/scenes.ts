/** Where and when a run takes place. */
export interface Scene {
  name: string;
  /** How the instance reads date literals. */
  literals: "utc" | "user";
  /** The account that sees all; its zone decides about literals. */
  agent: "itil" | "newyork" | "sydney";
  /** Simulated start (UTC). */
  start: string;
  /** How far the clock of the computer that polls is ahead of the instance's, seconds. */
  clientAhead?: number;
  /** Zones that the account's user moves to while the run lasts. */
  moves?: readonly string[];
  /** Records that appear at once in a run of so many versions: more than a source remembers, and more than a poll takes. */
  flood?: number;
}

const HOUR = 3600;

/** Clocks that change while the run lasts, both readings of date literals, and client clocks that are wrong by an hour. */
export const SCENES: readonly Scene[] = [
  { name: "utc", literals: "utc", agent: "itil", start: "2026-08-01 11:55:00", flood: 5_200 },
  {
    name: "clientHourAhead",
    literals: "utc",
    agent: "itil",
    start: "2026-08-01 11:55:00",
    clientAhead: HOUR,
  },
  {
    name: "clientHourBehind",
    literals: "utc",
    agent: "itil",
    start: "2026-08-01 11:55:00",
    clientAhead: -HOUR,
  },
  { name: "newYorkLiteralsUtc", literals: "utc", agent: "newyork", start: "2026-11-01 05:30:00" },
  { name: "newYorkFallBack", literals: "user", agent: "newyork", start: "2026-11-01 05:30:00" },
  { name: "newYorkSpringForward", literals: "user", agent: "newyork", start: "2026-03-08 06:45:00" },
  { name: "sydneyFallBack", literals: "user", agent: "sydney", start: "2026-04-04 15:30:00" },
  { name: "sydneySpringForward", literals: "user", agent: "sydney", start: "2026-10-03 15:45:00" },
  {
    name: "accountMoves",
    literals: "user",
    agent: "sydney",
    start: "2026-08-01 11:55:00",
    moves: ["America/Los_Angeles", "Asia/Kolkata", "America/New_York"],
  },
];

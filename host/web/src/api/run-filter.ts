/** Which runs of a list are shown. */
export interface RunFilter<Status extends string> {
  status: Status | "";
  /** How far back, in hours; 0: all. */
  hours: number;
  words: string;
}

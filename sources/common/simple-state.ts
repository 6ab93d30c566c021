import { fingerprint } from "../../common/change-feed";
import { loadState, saveState, type SourceThis } from "./this";

/** State of a source that does not follow a feed: one value, thrown away when the settings it belongs to change. */
export class SimpleState<Value> {
  private readonly print: string;

  constructor(
    private readonly source: SourceThis,
    settings: { table: string; column: string; groups: string[]; mode: string },
  ) {
    this.print = fingerprint({ instance: source.servicenow.client().origin, ...settings });
  }

  get value(): Value | undefined {
    const state = loadState(this.source) as { f?: string; value?: Value } | null | undefined;
    return state?.f === this.print ? state.value : undefined;
  }

  set value(value: Value | undefined) {
    saveState(this.source, { v: 1, f: this.print, value });
  }
}

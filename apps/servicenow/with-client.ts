import type { ServiceNow } from "../../common";

/** `this` of an options function: the app at run time. */
export interface WithClient {
  client($?: unknown): ServiceNow;
}

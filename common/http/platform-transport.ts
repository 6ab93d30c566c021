import { overAxios, type AxiosLikeConfig, type AxiosLikeResponse } from "./axios-transport";
import type { Transport } from "./transport";

/** The `axios` of `@pipedream/platform`: a step first, then the request. */
export type PlatformAxios = (step: never, config: never) => Promise<unknown>;

/**
 * A transport over the platform's axios wrapper, so that requests appear in the step's own record. Both are handed in:
 * the wrapper is loaded by the component, and `step` is its `$` (or `this`, in a source).
 */
export function platformTransport(axios: PlatformAxios, step: unknown): Transport {
  return overAxios(
    (config: AxiosLikeConfig) => axios(step as never, config as never) as Promise<AxiosLikeResponse>,
  );
}

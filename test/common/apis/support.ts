import { createClient, type ServiceNow } from "../../../common";
import { startInstance, type RunningInstance } from "../../helpers/instance";

/** One instance for the tests of a file, and clients for its users (whose password is their name). */
export function useInstance(options: Parameters<typeof startInstance>[0] = {}): {
  as: (user?: string) => ServiceNow;
  readonly instance: RunningInstance;
} {
  let running: RunningInstance | undefined;
  beforeAll(async () => {
    running = await startInstance({ incidents: 40, ...options });
  }, 120_000);
  afterAll(() => running?.stop());
  const instance = (): RunningInstance => {
    if (!running) throw new Error("The instance runs only inside of tests");
    return running;
  };
  return {
    get instance() {
      return instance();
    },
    as: (user = "admin") =>
      createClient({
        instance: instance().url,
        auth: { type: "basic", username: user, password: user },
        retry: false,
      }),
  };
}

/** The error of a promise that must fail. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error("It did not fail");
}

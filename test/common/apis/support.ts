import { createClient, type OAuth, type ServiceNow } from "../../../common";
import {
  duringTests,
  startInstance,
  type InstanceOptions,
  type RunningInstance,
} from "../../helpers/instance";

/** One instance for the tests of a file, and clients for its users (whose password is their name). */
export function useInstance(options: InstanceOptions = {}): {
  as: (user?: string) => ServiceNow;
  instance: RunningInstance;
} {
  const instance = duringTests(startInstance, { incidents: 40, ...options });
  return {
    instance,
    as: (user = "admin") =>
      createClient({
        instance: instance.url,
        auth: { type: "basic", username: user, password: user },
        retry: false,
      }),
  };
}

/** A user of the demo, signed in by password through its client. */
export const byPassword = (user = "admin") =>
  ({
    type: "oauth",
    grant: "password",
    clientId: "demo-client",
    clientSecret: "demo-secret",
    username: user,
    password: user,
  }) satisfies OAuth;

/** The error of a promise that must fail. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error("It did not fail");
}

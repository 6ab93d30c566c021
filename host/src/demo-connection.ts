import { z } from "zod";

const demoConnection = z.object({
  /** The app's slug. */
  app: z.string(),
  /** What the page calls it: "demo instance". */
  name: z.string(),
  /** Where a person opens it. */
  address: z.url(),
  /** What the connect window is filled with. */
  fields: z.record(z.string(), z.string()),
  /** How one signs in there. */
  user: z.string(),
  password: z.string(),
});

/** A server of the other side for trying things out, which the page offers while nothing is connected. Nothing in it is secret. */
export type DemoConnection = z.infer<typeof demoConnection>;

/** Reads `DEMO_CONNECTION`. @throws Error that says what it takes */
export function readDemoConnection(text: string | undefined): DemoConnection | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    return demoConnection.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(
      "DEMO_CONNECTION must be JSON with app, name, address, fields, user and password. " +
        (error instanceof z.ZodError ? z.prettifyError(error) : String(error)),
    );
  }
}

import { z } from "zod";
import type { FromWorker } from "./protocol";

/** Of one message; the process that sends more is ended. Results and events are bounded further in the process and at their tables. */
const TEXT = 80_000_000;
const NAME = 2_000;
const MAX_EVENTS = 200_000;

const job = z.number().int();
/** Milliseconds a date can have; anything else is no time, and the event gets its own. */
const time = z
  .number()
  .refine((ms) => Number.isSafeInteger(ms) && Math.abs(ms) <= 8.64e15)
  .optional()
  .catch(undefined);
const reply = z.strictObject({
  status: z.number().int().min(100).max(599),
  headers: z.record(z.string().max(NAME), z.string().max(64_000)),
  body: z.string().max(TEXT),
  encoding: z.enum(["utf8", "base64"]),
});
const problem = z.object({ prop: z.string().max(NAME), message: z.string().max(20_000) });
const error = z.object({
  name: z.string().max(NAME),
  message: z.string().max(50_000),
  stack: z.string().max(20_000).optional(),
  problems: z.array(problem).max(1000).optional(),
  status: z.number().int().optional(),
  field: z.string().max(NAME).optional(),
  limit: z.enum(["time", "memory", "exit", "crash", "size", "save", "stopped"]).optional(),
});
const event = z.strictObject({
  payload: z.string().max(TEXT),
  id: z.string().max(100_000).optional(),
  channel: z.string().max(NAME).optional(),
  summary: z.string().max(1_000_000).optional(),
  ts: time,
  deliverAt: time,
});

const save = z.strictObject({
  events: z.array(event).max(MAX_EVENTS),
  db: z.string().max(TEXT).optional(),
  dbDeleted: z.array(z.string()).max(100_000).optional(),
});

/** Everything a component's process may say. The component runs in that process and can send what it likes. */
const fromWorker = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ready") }),
  z.strictObject({ type: z.literal("pong") }),
  z.strictObject({
    type: z.literal("log"),
    job,
    entry: z.strictObject({
      ts: z.number(),
      level: z.enum(["debug", "info", "warn", "error"]),
      message: z.string().max(50_000),
    }),
  }),
  z.strictObject({
    type: z.literal("save"),
    job,
    save,
  }),
  z.strictObject({
    type: z.literal("call"),
    job,
    call: z.number().int(),
    method: z.string().max(NAME),
    args: z.array(z.unknown()).max(20),
  }),
  z.strictObject({ type: z.literal("respond"), job, reply }),
  z.strictObject({
    type: z.literal("done"),
    job,
    error: error.optional(),
    result: z.string().max(TEXT).optional(),
    save: save.optional(),
    dirty: z.boolean(),
  }),
  z.strictObject({
    type: z.literal("dial"),
    id: z.number().int(),
    host: z.string().max(1000),
    port: z.number().int().min(0).max(65_535),
  }),
]);

/** Fails to compile when the processes say something that this module does not know. */
type Unknown = Exclude<FromWorker["type"], z.infer<typeof fromWorker>["type"]>;
type Fields<T, K> = T extends { type: K } ? keyof T : never;
type UnknownFields = {
  [K in FromWorker["type"]]: Exclude<Fields<FromWorker, K>, Fields<z.infer<typeof fromWorker>, K>>;
}[FromWorker["type"]];
const complete: [Unknown, UnknownFields] extends [never, never] ? true : never = true;

/** @returns the message, or undefined when it is none that a component's process sends. */
export function readMessage(message: unknown): FromWorker | undefined {
  const read = fromWorker.safeParse(message);
  return complete && read.success ? read.data : undefined;
}

import pino, { type Logger } from "pino";
import { redactor } from "./execution/redact";

export type LogFormat = "text" | "json";

/** Tokens that got into a message by another way than a run, which masks its own. */
const mask = redactor([]);

/**
 * What the host writes to stderr. As JSON, one object a line with `time`, `level`, `msg` and ids (`request_id`, `run_id`, `trigger_id`); as text the
 * messages for people alone, and requests and runs not at all.
 */
export class HostLog {
  readonly #json: Logger | undefined;

  constructor(format: LogFormat) {
    if (format === "json")
      this.#json = pino(
        {
          base: null,
          timestamp: pino.stdTimeFunctions.isoTime,
          formatters: { level: (label) => ({ level: label }) },
          hooks: {
            logMethod(args, method) {
              const [facts, message] = args as unknown as [object, string];
              method.apply(this, [facts, mask(message)] as never);
            },
          },
        },
        pino.destination({ dest: 2, sync: true }),
      );
  }

  /** One line for the person who runs the host; never a secret. */
  message(text: string): void {
    if (this.#json) this.#json.warn({}, text);
    else process.stderr.write(`${text}\n`);
  }

  /** Something that happened in the ordinary course: told only as JSON. */
  event(facts: Record<string, unknown>, text: string): void {
    this.#json?.info(facts, text);
  }
}

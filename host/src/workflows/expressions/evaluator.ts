import { fork, type ChildProcess } from "node:child_process";
import type { Evaluated, FromEvaluator, Scope } from "./protocol";
import { EXPRESSION_LIMITS } from "./protocol";

/** Native calls of the engine look at no clock, so a request may take this much longer before its process is ended. */
const GRACE_MS = 2000;
const START_MS = 60_000;

interface Waiting {
  expressions: string[];
  scope: Scope;
  settle: (values: Evaluated[]) => void;
}

/** Evaluates expressions in a process of its own, one request at a time. The process is ended when a request overruns, and started again. */
export class ExpressionEvaluator {
  #child: ChildProcess | undefined;
  #ready = false;
  #queue: Waiting[] = [];
  #running: { id: number; request: Waiting; timer: NodeJS.Timeout } | undefined;
  #ids = 0;
  #stopped = false;

  /** `file` is the bundle of `evaluator-process.ts`. */
  constructor(readonly file: string) {}

  /** The values of the expressions, each an error in words where there is none. Never rejects. */
  evaluate(expressions: string[], scope: Scope): Promise<Evaluated[]> {
    if (expressions.length === 0) return Promise.resolve([]);
    if (this.#stopped) return Promise.resolve(expressions.map(() => ({ error: "The host is stopping." })));
    return new Promise((settle) => {
      this.#queue.push({ expressions, scope, settle });
      this.#next();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#end("The host is stopping.");
    for (const { expressions, settle } of this.#queue.splice(0))
      settle(failures(expressions, "The host is stopping."));
  }

  #next(): void {
    if (this.#running) return;
    const [request] = this.#queue;
    if (!request) return;
    const child = (this.#child ??= this.#start());
    if (!this.#ready) return;
    this.#queue.shift();
    const id = ++this.#ids;
    const limit = request.expressions.length * EXPRESSION_LIMITS.ms + GRACE_MS;
    const timer = setTimeout(() => this.#end("It did not end in time and was cut off."), limit);
    this.#running = { id, request, timer };
    child.send({ id, expressions: request.expressions, ...request.scope });
  }

  #start(): ChildProcess {
    const child = fork(this.file, [], {
      env: { TZ: "UTC" },
      execArgv: ["--max-old-space-size=256", "--no-warnings"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      serialization: "advanced",
    });
    this.#ready = false;
    const slow = setTimeout(() => child.kill("SIGKILL"), START_MS);
    child.on("message", (message: FromEvaluator) => {
      if (child !== this.#child) return;
      if (message.type === "ready") {
        clearTimeout(slow);
        this.#ready = true;
        return this.#next();
      }
      const running = this.#running;
      if (running?.id !== message.id) return;
      this.#settle(running, message.values);
    });
    const gone = (): void => {
      clearTimeout(slow);
      if (child === this.#child) this.#end("The process that evaluates expressions ended.");
    };
    child.on("exit", gone);
    child.on("error", gone);
    // A host that has nothing else to do may end while this process waits.
    child.unref();
    child.channel?.unref();
    return child;
  }

  #settle({ request, timer }: { request: Waiting; timer: NodeJS.Timeout }, values: Evaluated[]): void {
    clearTimeout(timer);
    this.#running = undefined;
    const missing = "It was not evaluated, since one before it ended the process.";
    request.settle(request.expressions.map((_, index) => values[index] ?? { error: missing }));
    this.#next();
  }

  /** Ends the process and the request it works on. */
  #end(reason: string): void {
    const running = this.#running;
    const child = this.#child;
    this.#child = undefined;
    this.#ready = false;
    child?.kill("SIGKILL");
    if (running) this.#settle(running, failures(running.request.expressions, reason));
    else if (!this.#stopped) this.#next();
  }
}

function failures(expressions: string[], error: string): Evaluated[] {
  return expressions.map(() => ({ error }));
}

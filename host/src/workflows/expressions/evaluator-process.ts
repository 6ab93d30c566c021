import type { EvaluationRequest, FromEvaluator } from "./protocol";
import { evaluateExpression, loadEngineModule } from "./sandbox";

/** The process in which expressions are evaluated. It ends with its host, and the host ends it when an expression hangs. */
async function main(): Promise<void> {
  const say = (message: FromEvaluator): void => void process.send?.(message);
  const engine = await loadEngineModule();
  // First uses compile the engine and load zones and locales; no expression should pay for that from its 100 ms.
  for (const code of [
    "steps.a",
    "steps.a.b.c",
    "formatDate(steps.a, 'dd.MM.yyyy HH:mm', 'Europe/Berlin', 'de')",
  ])
    evaluateExpression(engine, code, { steps: { a: "1" }, variables: {} });
  process.on("disconnect", () => process.exit(0));
  process.on("message", ({ id, expressions, ...scope }: EvaluationRequest) => {
    const values = expressions.map((code) => {
      try {
        return evaluateExpression(engine, code, scope);
      } catch (error) {
        // The engine aborted: it must not be used again. The host starts another process.
        say({ type: "values", id, values: [{ error: `It could not be evaluated: ${String(error)}` }] });
        process.exit(1);
      }
    });
    say({ type: "values", id, values });
  });
  say({ type: "ready" });
}

void main();

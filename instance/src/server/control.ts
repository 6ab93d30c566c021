import { applyConfig, switches } from "../core/config";
import type { Instance } from "../core/instance";
import { errors, ApiError } from "../core/errors";
import { json, type ApiResponse } from "../http/types";
import { revoke } from "../auth/tokens";
import { parseStamp, stamp } from "../clock/time";
import type { Fault } from "../faults/plan";
import { asText } from "../records/input";

/**
 * The control endpoint: there only when the program was started with `--control`, without authentication, for tests.
 *
 * `GET /control/state`; `PUT /control/faults` `{faults, seed?}`; `PATCH /control/config` `{switch: value}`;
 * `POST /control/clock` `{set?, advanceSeconds?, freeze?, real?}`; `POST /control/revoke` `{token, grant?}`; `POST /control/settle`.
 */
export function controlRoutes(instance: Instance, method: string, path: string, body: Buffer): ApiResponse {
  try {
    const given = readObject(body);
    switch (`${method} ${path}`) {
      case "GET /control/state":
        return answer(instance);
      case "PUT /control/faults":
        instance.faults.set((given.faults ?? []) as Fault[], Number(given.seed ?? instance.config.seed));
        return answer(instance);
      case "PATCH /control/config":
        applyConfig(instance.config, given);
        if ("faults" in given) instance.faults.set(instance.config.faults, instance.config.seed);
        return answer(instance);
      case "POST /control/clock":
        moveClock(instance, given);
        return answer(instance);
      case "POST /control/revoke":
        revoke(instance, asText(given.token), given.grant === true);
        return answer(instance);
      case "POST /control/settle":
        instance.lateCommits.settle();
        return answer(instance);
      default:
        throw errors.noResource(404);
    }
  } catch (error) {
    if (error instanceof ApiError) return json(error.status, error.body());
    const message = error instanceof Error ? error.message : String(error);
    return json(400, JSON.stringify({ error: { message, detail: null }, status: "failure" }));
  }
}

function readObject(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  const value = JSON.parse(body.toString("utf8")) as unknown;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("The body must be a JSON object.");
  return value as Record<string, unknown>;
}

function moveClock(instance: Instance, given: Record<string, unknown>): void {
  const { clock } = instance;
  if (given.real === true) clock.run(true);
  if (given.set !== undefined) {
    const time =
      typeof given.set === "number"
        ? given.set
        : (parseStamp(asText(given.set)) ?? Date.parse(asText(given.set)));
    if (!Number.isFinite(time) || Math.abs(time) > 8e15)
      throw new Error(
        `"set" must be a UTC time such as 2026-03-29 00:59:00 or milliseconds, and is ${JSON.stringify(given.set)}.`,
      );
    clock.set(time, given.freeze === undefined ? clock.frozen : given.freeze === true);
  } else if (given.freeze === true) clock.set(clock.now(), true);
  else if (given.freeze === false) clock.run(false);
  if (given.advanceSeconds !== undefined) {
    const seconds = Number(given.advanceSeconds);
    if (!Number.isFinite(seconds)) throw new Error(`"advanceSeconds" must be a number.`);
    clock.advance(seconds * 1000);
  }
  instance.lateCommits.settle();
}

function answer(instance: Instance): ApiResponse {
  const config = Object.fromEntries(
    Object.keys(switches).map((name) => [name, instance.config[name as keyof typeof instance.config]]),
  );
  return json(
    200,
    JSON.stringify({
      now: stamp(instance.clock.now()),
      milliseconds: instance.clock.now(),
      frozen: instance.clock.frozen,
      pendingCommits: instance.lateCommits.size,
      faults: instance.faults.report(),
      config,
    }),
  );
}

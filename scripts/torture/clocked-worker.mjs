/* global performance */
// The component process of the host under a clock that is not the machine's: that of the simulation, set wrong on purpose. Waits pass ten
// times as fast; what a run measures on its own stopwatch does not.
const HASTE = 10;
const RealDate = Date;
let given = "";
let since = 0;

function now() {
  const wanted = process.env.TORTURE_CLOCK ?? "";
  if (wanted === "") return RealDate.now();
  if (wanted !== given) [given, since] = [wanted, performance.now()];
  return Math.floor(Number(given) + performance.now() - since);
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, type) => Reflect.construct(target, args.length > 0 ? args : [now()], type),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
const wait = globalThis.setTimeout;
globalThis.setTimeout = Object.assign(
  (work, ms, ...args) => wait(work, ms > 100 ? ms / HASTE : ms, ...args),
  wait,
);

await import("../../host/dist/worker.mjs");

import type { Row, TestInstance } from "./client";

/** Runs the work with these switches and puts the old settings back. */
export async function switchedTo<T>(
  instance: TestInstance,
  settings: Row,
  work: () => Promise<T>,
): Promise<T> {
  const { config } = (await instance.control("GET", "state")) as { config: Row };
  await instance.control("PATCH", "config", settings);
  try {
    return await work();
  } finally {
    const old = Object.fromEntries(Object.keys(settings).map((name) => [name, config[name]]));
    await instance.control("PATCH", "config", old);
  }
}

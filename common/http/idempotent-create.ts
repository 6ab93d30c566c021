import { isServiceNowError } from "../errors";
import { maybeDone } from "./retry";

/** How often something is made again after its answer was lost. */
const REPEATS = 2;

/**
 * Makes something that can be found again. When the answer is lost, or the instance says that it is there already, it is looked for before
 * it is made again.
 *
 * @returns what was made, by this call or by another at the same time
 * @throws what `make` threw, when nothing is found and repeating does not help
 */
export async function createIdempotently<T>(
  make: () => Promise<T>,
  find: () => Promise<T | null>,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await make();
    } catch (error) {
      if (!isServiceNowError(error) || !(maybeDone(error) || error.kind === "conflict")) throw error;
      const made = await find();
      if (made !== null) return made;
      if (error.kind === "conflict" || attempt >= REPEATS) throw error;
    }
  }
}

/** The same for something that may have been made long ago: it is looked for first. */
export async function findOrCreate<T>(
  find: () => Promise<T | null>,
  make: () => Promise<T>,
): Promise<{ made: T; existed: boolean }> {
  const before = await find();
  return before === null
    ? { made: await createIdempotently(make, find), existed: false }
    : { made: before, existed: true };
}

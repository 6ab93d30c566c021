import { isServiceNowError, type ServiceNowError } from "../errors";

/**
 * A deletion that may be repeated. A 404 is success when an earlier try of this very call may have been carried out and only its
 * answer was lost.
 *
 * @param send sends the call with what it is given here
 * @throws ServiceNowError `not-found` when there was nothing to delete
 */
export async function deleteWithRetry(
  send: (watch: { method: "DELETE"; onRetry: (error: ServiceNowError) => void }) => Promise<unknown>,
): Promise<void> {
  let mayBeDone = false;
  const onRetry = (error: ServiceNowError): void => {
    // A 429 was turned away at the door.
    mayBeDone ||= error.status !== 429 && !error.unsent;
  };
  try {
    await send({ method: "DELETE", onRetry });
  } catch (error) {
    if (!mayBeDone || !isServiceNowError(error) || error.kind !== "not-found") throw error;
  }
}

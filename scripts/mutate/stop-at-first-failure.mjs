// jest's own `bail` ends at the first suite that fails, after all tests of it.
import { TestEnvironment } from "jest-environment-node";

export default class StopAtFirstFailure extends TestEnvironment {
  #failed = false;

  handleTestEvent(event) {
    if (event.name === "hook_failure" || (event.name === "test_done" && event.test.errors.length > 0))
      this.#failed = true;
    if (event.name === "test_start" && this.#failed) event.test.mode = "skip";
  }
}

import type { Locator, Page } from "playwright-core";

/** Farther than this from where one stands, a control counts as out of reach. */
const MOST_PRESSES = 60;

const hasFocus = async (page: Page, target: Locator): Promise<boolean> =>
  (await target.and(page.locator(":focus")).count()) > 0;

/** The page by its keys alone, as somebody without a mouse uses it. */
export const keysOn = (page: Page) => {
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** Presses Tab until the focus is on it. @returns how often. */
  const tabTo = async (target: Locator, back = false): Promise<number> => {
    await target.first().waitFor();
    for (let presses = 0; presses <= MOST_PRESSES; presses++) {
      if (await hasFocus(page, target)) return presses;
      await page.keyboard.press(back ? "Shift+Tab" : "Tab");
    }
    throw new Error(`${String(target)} is not reached by ${MOST_PRESSES} presses of Tab.`);
  };
  return {
    press,
    tabTo,
    /** Goes there and presses Enter. */
    enter: async (target: Locator): Promise<void> => {
      await tabTo(target);
      await page.keyboard.press("Enter");
    },
    /** Goes there and types in place of what is there. */
    type: async (target: Locator, text: string): Promise<void> => {
      await tabTo(target);
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.type(text);
    },
  };
};

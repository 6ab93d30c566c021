import { mkdirSync } from "node:fs";
import { join } from "node:path";
import axe, { type AxeResults } from "axe-core";
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from "playwright-core";
import { ensureBrowser } from "../../../scripts/browser";

const screenshots = join(__dirname, "..", "..", ".screenshots");

export interface Session {
  browser: Browser;
  context: BrowserContext;
  page: Page;
  /**
   * What the browser complained about: script errors, refused styles and scripts, failed loads of the page's own files; and what
   * `shoot` found that keeps people out (WCAG 2.2, levels A and AA).
   */
  complaints: string[];
  /** Writes `test/.screenshots/NAME-1280.png`, and the same at 360 wide when asked. */
  shoot: (name: string, options?: { narrow?: boolean; page?: Page }) => Promise<void>;
  close: () => Promise<void>;
}

export const wide = { width: 1280, height: 860 };
export const narrow = { width: 360, height: 740 };

/** What stands on a page, by the words that people see. */
export const thingsOn = (page: () => Page) => ({
  field: (label: string): Locator => page().getByLabel(label, { exact: true }),
  button: (name: string): Locator => page().getByRole("button", { name, exact: true }),
  /** Resolves once there is such a text. */
  visible: (text: string | RegExp): Promise<void> => page().getByText(text).first().waitFor(),
});

/** A browser without a page. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: ensureBrowser(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/** A page of 1280 by 860 that notes every complaint of the browser, in a browser of its own or in a fresh context of one that runs. */
export async function openBrowser(
  options: { colorScheme?: "light" | "dark"; browser?: Browser } = {},
): Promise<Session> {
  const browser = options.browser ?? (await launchBrowser());
  const context = await browser.newContext({
    viewport: wide,
    locale: "en-GB",
    timezoneId: "UTC",
    colorScheme: options.colorScheme ?? "light",
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  // Shorter than a test may take, so that a failure names the step.
  context.setDefaultTimeout(45_000);
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(`script error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    // Refusals of the API (wrong input and the like) are logged by the browser too; those are the test's business.
    if (/Failed to load resource/.test(message.text()) && /\/(api|v1)\//.test(message.location().url)) return;
    complaints.push(message.text());
  });
  mkdirSync(screenshots, { recursive: true });
  return {
    browser,
    context,
    page,
    complaints,
    shoot: async (name, { narrow: alsoNarrow = false, page: which = page } = {}) => {
      complaints.push(...(await barriers(which)).map((barrier) => `${name}: ${barrier}`));
      await which.screenshot({
        path: join(screenshots, `${name}-${which.viewportSize()?.width ?? wide.width}.png`),
      });
      if (!alsoNarrow) return;
      await which.setViewportSize(narrow);
      complaints.push(...(await barriers(which)).map((barrier) => `${name} at 360: ${barrier}`));
      await which.screenshot({ path: join(screenshots, `${name}-360.png`) });
      await which.setViewportSize(wide);
    },
    close: async () => {
      await context.close();
      if (!options.browser) await browser.close();
    },
  };
}

/** Scrolls a list of its own to its end. */
export const scrollToEnd = (list: Locator): Promise<void> =>
  list.evaluate((element: unknown) => {
    // Runs in the browser; the types of a document are not those of the tests.
    const box = element as { scrollTo: (x: number, y: number) => void; scrollHeight: number };
    box.scrollTo(0, box.scrollHeight);
  });

/** Resolves once that element has the focus. */
export const focused = (page: Page, element: Locator): Promise<void> =>
  element.and(page.locator(":focus")).waitFor();

/** How far the page is wider than its window: 0 where nothing has to be scrolled sideways. */
export const overflowX = (page: Page): Promise<number> =>
  page.evaluate("Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)");

/** What axe finds on the page, one line for each rule that is broken. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] })',
  );
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes.map(({ target, failureSummary }) => `${target.join(" ")} ${failureSummary?.split("\n")[1]?.trim() ?? ""}`).join(" | ")}`,
  );
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { ensureBrowser } from "../../../scripts/browser";

const screenshots = join(__dirname, "..", "..", ".screenshots");

export interface Session {
  browser: Browser;
  context: BrowserContext;
  page: Page;
  /** What the browser complained about: script errors, refused styles and scripts, failed loads of the page's own files. */
  complaints: string[];
  /** Writes `test/.screenshots/NAME-1280.png`, and the same at 360 wide when asked. */
  shoot(name: string, options?: { narrow?: boolean; page?: Page }): Promise<void>;
  close(): Promise<void>;
}

export const wide = { width: 1280, height: 860 };
export const narrow = { width: 360, height: 740 };

/** A browser with one page of 1280 by 860, which notes every complaint of the page. */
export async function openBrowser(options: { colorScheme?: "light" | "dark" } = {}): Promise<Session> {
  const browser = await chromium.launch({
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
  const context = await browser.newContext({
    viewport: wide,
    locale: "en-GB",
    timezoneId: "UTC",
    colorScheme: options.colorScheme ?? "light",
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  // Shorter than a test may take, so that a failure names the step.
  context.setDefaultTimeout(15_000);
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
      await which.screenshot({
        path: join(screenshots, `${name}-${which.viewportSize()?.width ?? wide.width}.png`),
      });
      if (!alsoNarrow) return;
      await which.setViewportSize(narrow);
      await which.screenshot({ path: join(screenshots, `${name}-360.png`) });
      await which.setViewportSize(wide);
    },
    close: async () => {
      await context.close();
      await browser.close();
    },
  };
}

/** How far the page is wider than its window: 0 where nothing has to be scrolled sideways. */
export const overflowX = (page: Page): Promise<number> =>
  page.evaluate("Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)");

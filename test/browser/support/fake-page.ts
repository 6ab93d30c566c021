import type { Browser } from "playwright-core";
import { startFakeHost, type FakeHost } from "./fake-host";
import { launchBrowser, openBrowser, thingsOn, type Session } from "./open-browser";

/**
 * The page over a fake host, both new for each test of a file, in one browser. What the browser complains about fails the test.
 * The processors may be kept busy by something else, so a test has three minutes; a step that fails is named after 45 seconds.
 */
export function useFakePage() {
  let host: FakeHost;
  let session: Session;
  let browser: Browser;
  jest.setTimeout(180_000);
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 180_000);
  afterAll(() => browser?.close());
  beforeEach(async () => {
    host = await startFakeHost();
    session = await openBrowser({ browser });
  });
  afterEach(async () => {
    await session.close();
    await host.stop();
    expect(session.complaints).toEqual([]);
  });
  return {
    get host() {
      return host;
    },
    get session() {
      return session;
    },
    open: (hash: string) => session.page.goto(`${host.url}/#/${hash}`),
    ...thingsOn(() => session.page),
  };
}

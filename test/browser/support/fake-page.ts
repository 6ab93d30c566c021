import { startFakeHost, type FakeHost } from "./fake-host";
import { openBrowser, thingsOn, type Session } from "./open-browser";

/** The page over a fake host, both anew for each test of a file. What the browser complains about fails the test. */
export function useFakePage() {
  let host: FakeHost;
  let session: Session;
  beforeEach(async () => {
    host = await startFakeHost();
    session = await openBrowser();
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

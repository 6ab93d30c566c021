import { existsSync } from "node:fs";
import { installDebianPackages } from "./debian-package";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/microsoft-edge",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** The path of a Chromium-based browser, from `CHROMIUM_PATH` or the usual places; undefined when there is none. */
export function findBrowser(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(
      `CHROMIUM_PATH names ${named}, and no file is there. Correct it, or unset it to have the usual places searched.`,
    );
  }
  return places.find((path) => existsSync(path));
}

/** As {@link findBrowser}, and installs Debian's `chromium` where none is found and this may be done (root, apt-get). */
export function ensureBrowser(): string {
  const found = findBrowser();
  if (found) return found;
  if (installDebianPackages(["chromium", "fonts-liberation"], "the browser tests")) {
    const installed = findBrowser();
    if (installed) return installed;
  }
  throw new Error(
    "The browser tests need Chromium, Chrome or Edge and found none. Install one (Debian: `apt-get install chromium`) or set CHROMIUM_PATH to its executable.",
  );
}

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { newSignInLink } from "./sign-in/new-link";

/** `npm run sign-in`: a one-time link to the page of a host that runs. Its address on stdout. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { host: { type: "string" }, "token-file": { type: "string" } },
  });
  const host = values.host ?? `http://127.0.0.1:${process.env.PORT ?? "3000"}`;
  const file = values["token-file"] ?? join(resolve(process.env.DATA_DIR ?? ".data"), "credentials.json");
  const { url } = await newSignInLink(host, tokenIn(file));
  console.error("Open this link in your browser. It works once, within ten minutes.");
  console.log(url);
}

function tokenIn(file: string): string {
  let token: unknown;
  try {
    token = (JSON.parse(readFileSync(file, "utf8")) as { token?: unknown }).token;
  } catch (error) {
    throw new Error(
      `The host's credentials cannot be read from ${file} (${(error as Error).message}). Give DATA_DIR, or --token-file FILE, as the host was started with.`,
    );
  }
  if (typeof token !== "string") throw new Error(`${file} holds no token.`);
  return token;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

import { HostError } from "../errors";
import type { HostApp } from "./zod-routes";

/** Refuses paths that cannot be decoded, or that hold a NUL, before any route or right is looked at. */
export function refuseBadPaths(app: HostApp): void {
  app.addHook("onRequest", (request, _reply, done) => {
    const [path = ""] = request.url.split("?", 1);
    done(
      isReadable(path)
        ? undefined
        : new HostError(
            400,
            "The path cannot be read: it holds a NUL, or a % that is not followed by two digits of a character.",
          ),
    );
  });
}

function isReadable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes("\0");
  } catch {
    return false;
  }
}

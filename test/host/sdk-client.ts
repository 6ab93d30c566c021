import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PipedreamClient } from "@pipedream/sdk";
import type { TestHost } from "./host";

/** The official server client, unmodified, pointed at a host. */
export function sdkClient(host: TestHost): PipedreamClient {
  const file = JSON.parse(readFileSync(join(host.dataDir, "credentials.json"), "utf8")) as {
    client_id: string;
    client_secret: string;
  };
  return new PipedreamClient({
    baseUrl: host.url,
    clientId: file.client_id,
    clientSecret: file.client_secret,
    projectId: "local",
    projectEnvironment: "development",
  });
}

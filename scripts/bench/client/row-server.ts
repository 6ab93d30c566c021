import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server of rows in a process of its own. */
interface RowServer {
  url: string;
  stop(): void;
}

/**
 * Serves one table whose rows are made beforehand: what a reader gains by reading side by side shows only where the server's own work is
 * no limit, and the local instance reads for one request at a time.
 */
export async function rowServer(rows: number): Promise<RowServer> {
  const child = fork(__filename, [String(rows)], { execArgv: ["-r", "ts-node/register"] });
  const [url] = (await once(child, "message")) as [string];
  return { url, stop: () => void child.kill() };
}

interface Row {
  id: string;
  json: string;
}

function makeRows(count: number): Row[] {
  const rows = Array.from({ length: count }, (_, at) => {
    const id = createHash("md5").update(String(at)).digest("hex");
    const json = JSON.stringify({
      sys_id: id,
      number: `INC${String(at).padStart(7, "0")}`,
      short_description: `Row ${at} of a table that is read as a whole`,
      state: String(1 + (at % 7)),
      priority: String(1 + (at % 5)),
      impact: "2",
      urgency: "2",
      category: "software",
      assignment_group: "287ebd7da9fe198100f92cc8d1d2154e",
      assigned_to: at % 3 ? "5137153cc611227c000bbd1bd8cd2005" : "",
      sys_created_on: "2026-08-01 10:00:00",
      sys_updated_on: "2026-08-01 11:00:00",
    });
    return { id, json };
  });
  return rows.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Place of the first row whose sys_id is not below the id. */
function placeOf(rows: readonly Row[], id: string): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.id ?? "") < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The stretch of rows that conditions on sys_id leave. @throws Error for a query that asks anything else */
function stretch(rows: readonly Row[], query: string): [from: number, to: number] {
  let [from, to] = [0, rows.length];
  for (const term of query.split("^").filter((each) => each && each !== "ORDERBYsys_id")) {
    const [, operator, id = ""] = /^sys_id(>=|>|<)([0-9a-f]+)$/.exec(term) ?? [];
    const place = placeOf(rows, id);
    if (operator === ">=") from = Math.max(from, place);
    else if (operator === ">") from = Math.max(from, place + (rows[place]?.id === id ? 1 : 0));
    else if (operator === "<") to = Math.min(to, place);
    else throw new Error(`The row server does not know the condition ${term}.`);
  }
  return [from, to];
}

function answer(rows: readonly Row[], request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams: asked } = new URL(request.url ?? "/", "http://rows");
  response.setHeader("content-type", "application/json");
  if (pathname === "/oauth_token.do") {
    const token = { access_token: "t", refresh_token: "r", expires_in: 1799, token_type: "Bearer" };
    return void response.end(JSON.stringify(token));
  }
  const [from, to] = stretch(rows, asked.get("sysparm_query") ?? "");
  const page = rows.slice(from, Math.min(to, from + Number(asked.get("sysparm_limit"))));
  if (asked.get("sysparm_no_count") !== "true") response.setHeader("x-total-count", String(to - from));
  response.end(`{"result":[${page.map(({ json }) => json).join(",")}]}`);
}

function serve(count: number): void {
  const rows = makeRows(count);
  const server = createServer((request, response) => {
    request.resume();
    answer(rows, request, response);
  });
  server.listen(0, "127.0.0.1", () =>
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
  );
  process.on("disconnect", () => process.exit(0));
}

if (require.main === module) serve(Number(process.argv[2]));

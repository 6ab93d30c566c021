import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { startHost, until, type TestHost } from "../host";
import { code, workflowClient, type Workflow } from "./workflow-client";

jest.setTimeout(180_000);

interface Mail {
  from: string;
  to: string[];
  text: string;
}
const mails: Mail[] = [];
let server: SMTPServer;
let host: TestHost;

beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith("nobody@") ? new Error("No such mailbox") : null),
    onData: (stream, { envelope }, done) => {
      let text = "";
      stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
      stream.on("end", () => {
        mails.push({
          from: envelope.mailFrom === false ? "" : envelope.mailFrom.address,
          to: envelope.rcptTo.map(({ address }) => address),
          text,
        });
        done();
      });
    },
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.server.address() as AddressInfo;
  host = await startHost({
    env: { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: "host@example.com" },
  });
}, 120_000);

afterAll(async () => {
  await host?.stop();
  await new Promise<void>((closed) => server.close(closed));
});

/** The log lines of the only step, once what it sends was tried. */
const linesOf = (at: TestHost, id: string): Promise<string[]> =>
  until(
    "what it sends was tried",
    async () => {
      const run = await workflowClient(at).ended(id);
      const lines = (run.steps[0]?.logs ?? []).map(({ message }) => message);
      return lines.some((line) => line.startsWith("$.send.")) && lines;
    },
    60_000,
  );

const sent = async (body: string, at = host): Promise<{ lines: string[]; workflow: Workflow }> => {
  const { make, start } = workflowClient(at);
  const workflow = await make([code("a", body)]);
  return { lines: await linesOf(at, (await start(workflow)).id), workflow };
};

test("mail goes through the configured server, to all whom it names", async () => {
  const { lines } = await sent(
    `$.send.email({ to: ["beth@example.com"], cc: "abel@example.com", subject: "P1", text: "Mail is down" });`,
  );
  expect(lines).toEqual(["$.send.email was sent."]);
  expect(mails).toHaveLength(1);
  expect(mails[0]).toMatchObject({ from: "host@example.com", to: ["beth@example.com", "abel@example.com"] });
  expect(mails[0]?.text).toMatch(/Subject: P1[^]*Mail is down/);
});

test("a mail that the server refuses, or that names nobody, is a line in the step's log", async () => {
  expect((await sent(`$.send.email({ to: "nobody@example.com", subject: "x" });`)).lines[0]).toMatch(
    /^\$\.send\.email was not sent: .*No such mailbox/,
  );
  expect((await sent(`$.send.email({ subject: "x" });`)).lines).toEqual([
    "$.send.email was not sent: to is missing: name at least one address.",
  ]);
});

test("a receiver gets a variable as it is, and nobody else does", async () => {
  const requests: { url: string; body: string }[] = [];
  const receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      requests.push({ url: request.url ?? "", body });
      response.end();
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, "127.0.0.1", listening));
  const { port } = receiver.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/key-of-the-receiver`;
  await host.call("PUT", "/api/variables/RECEIVER", { value: url });
  try {
    const { make, start } = workflowClient(host);
    const workflow = await make([
      {
        namespace: "a",
        props: { url: "{{ env.RECEIVER }}" },
        code: `export default {
          props: { url: { type: "string" } },
          run({ $ }) {
            $.send.http({ method: "POST", url: this.url, data: { from: this.url } });
            $.send.emit({ raw_event: { url: this.url } });
            return this.url;
          },
        };`,
      },
    ]);
    const { id } = await start(workflow);
    expect(await linesOf(host, id)).toEqual(["$.send.http was sent.", "$.send.emit was sent."]);
    expect(requests.map(({ url: path, body }) => [path, JSON.parse(body) as unknown])).toEqual([
      ["/key-of-the-receiver", { from: url }],
    ]);
    const shown = await Promise.all(
      [`/api/runs/${id}`, `/api/workflows/${workflow.id}/emits`].map((path) => host.call("GET", path)),
    );
    expect(JSON.stringify(shown)).not.toContain("key-of-the-receiver");
  } finally {
    await new Promise<void>((closed) => receiver.close(() => closed()));
  }
});

test("what a step emits can be listed, by channel", async () => {
  const { workflow } = await sent(
    `$.send.emit({ raw_event: { n: 1 } }); $.send.sse({ channel: "orders", payload: { n: 2 } });`,
  );
  const list = async (query: string) =>
    (
      await host.call<{ data: { channel: string; data: unknown }[] }>(
        "GET",
        `/api/workflows/${workflow.id}/emits${query}`,
      )
    ).body.data.map(({ channel, data }) => [channel, data]);
  expect(await list("")).toEqual([
    ["emit", { n: 1 }],
    ["orders", { n: 2 }],
  ]);
  expect(await list("?channel=orders")).toEqual([["orders", { n: 2 }]]);
});

test("without a mail server a mail is refused in words, and so is what the host does not send", async () => {
  const bare = await startHost();
  try {
    expect((await sent(`$.send.email({ to: "a@example.com" });`, bare)).lines).toEqual([
      "$.send.email was not sent: this host has no mail server. Set SMTP_URL and MAIL_FROM in its environment and start it again.",
    ]);
    expect((await sent(`$.send.s3({});`, bare)).lines).toEqual([
      "$.send.s3 was not sent: this host has no s3. It sends with $.send.http, email, emit and sse.",
    ]);
  } finally {
    await bare.stop();
  }
});

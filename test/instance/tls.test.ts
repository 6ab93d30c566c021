import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { generate } from "selfsigned";
import { startProgram } from "../../scripts/programs";
import { present } from "../helpers/present";

const folder = mkdtempSync(join(tmpdir(), "instance-tls-"));
const cert = join(folder, "cert.pem");
const key = join(folder, "key.pem");
beforeAll(async () => {
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  writeFileSync(cert, made.cert);
  writeFileSync(key, made.private);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("speaks HTTPS with a certificate of one's own, links included", async () => {
  const instance = await startProgram("instance", [
    ...["--port", "0", "--incidents", "5", "--tls-cert", cert, "--tls-key", key],
  ]);
  try {
    expect(instance.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const body = await new Promise<string>((resolve, reject) => {
      const sent = request(
        `${instance.url}/api/now/table/incident?sysparm_limit=1&sysparm_query=caller_idISNOTEMPTY`,
        { rejectUnauthorized: false, auth: "admin:admin", headers: { accept: "application/json" } },
        (response) => {
          let text = "";
          response.on("data", (chunk: Buffer) => (text += chunk.toString()));
          response.on("end", () => resolve(text));
        },
      );
      sent.on("error", reject);
      sent.end();
    });
    const { result } = JSON.parse(body) as { result: { caller_id: { link: string } }[] };
    expect(present(result[0]).caller_id.link).toContain(`${instance.url}/api/now/table/sys_user/`);
  } finally {
    await instance.stop();
  }
});

test.each([
  [["--tls-cert", cert], /--tls-cert and --tls-key go together/],
  [["--tls-cert", key, "--tls-key", cert], /cannot be used/],
])("says what is wrong with %j", async (more, words) => {
  const started = promisify(execFile)(process.execPath, [
    join(__dirname, "../../instance/dist/main.mjs"),
    ...["--port", "0", "--incidents", "1", ...more],
  ]);
  await expect(started).rejects.toMatchObject({ stderr: expect.stringMatching(words) as string });
});

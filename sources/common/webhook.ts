import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { isServiceNowError, ServiceNowError, usageError, type ServiceNow } from "../../common";
import { FeedError } from "../../common/change-feed";
import type { HttpEvent, HttpInterface } from "../../components";
import { createdOrUpdated } from "./created-or-updated";
import { makeFilter } from "./filter";
import { recordSource } from "./record-source";
import { requiredTable } from "./table";
import { log, type CommonProps, type SourceThis } from "./this";
import { PLACEHOLDER, ruleScript, text } from "./webhook-script";
import { textOf } from "../../common/table/cells";

export interface WebhookProps extends SourceThis, CommonProps {
  table: string;
  http: HttpInterface;
  operations?: string[] | undefined;
  setup?: string | undefined;
  signingSecret?: string | undefined;
}

const RULE = "rule";
const KEY = "key";
const RULE_NAME = "Event source:";
/** A delivery older than this is refused: somebody may have recorded it. */
const STALE_MS = 15 * 60_000;

const wants = (source: WebhookProps, operation: string) =>
  !source.operations?.length || source.operations.includes(operation);

/**
 * A delivery is a bell, not the message: what it announces is read through the change feed, which the timer runs as well. So a delivery
 * that comes twice, late, in another order or never changes nothing about what is emitted.
 */
const records = recordSource((source: WebhookProps) => ({
  table: source.table,
  column: "sys_updated_on",
  mode: "instant",
  ...createdOrUpdated([
    ...(wants(source, "insert") ? (["created"] as const) : []),
    ...(wants(source, "update") ? (["updated"] as const) : []),
  ]),
}));

export class Webhook {
  constructor(private readonly source: WebhookProps) {}

  async deploy(): Promise<void> {
    this.checkSecret();
    await records.deploy(this.source);
  }

  async activate(): Promise<void> {
    this.checkSecret();
    await records.activate(this.source);
    if (this.source.setup === "manual") this.print();
    else await this.createRule();
  }

  async deactivate(): Promise<void> {
    const { db, servicenow } = this.source;
    const saved = db.get(RULE);
    const rules = new Set([...(typeof saved === "string" ? [saved] : []), ...(await this.rulesThere())]);
    for (const rule of rules)
      try {
        await servicenow.client().table("sys_script").delete(rule);
      } catch (error) {
        if (!isServiceNowError(error) || error.status !== 404) throw error;
      }
    if (rules.size > 0) db.set(RULE, null);
  }

  /** Rules that call this source; also one whose creation was never answered. */
  private async rulesThere(): Promise<string[]> {
    const { setup, servicenow, http } = this.source;
    if (setup === "manual") return [];
    try {
      const { rows } = await servicenow
        .client()
        .table("sys_script")
        .page({
          query: `nameSTARTSWITH${RULE_NAME}^scriptLIKE${text(http.endpoint)}`,
          fields: ["sys_id"],
          limit: 100,
        });
      return rows.map(({ sys_id }) => String(sys_id));
    } catch (error) {
      // Who may not read rules has made none.
      if (isServiceNowError(error) && error.status === 403) return [];
      throw error;
    }
  }

  /** Without a secret that both sides know, every delivery of a rule made by hand would be refused. */
  private checkSecret(): void {
    if (this.source.setup === "manual" && !this.source.signingSecret)
      throw usageError(
        "Signing Secret is missing, which a manual setup needs",
        "Choose a long random text, set it as Signing Secret, and put its base64 form into the script that the log shows",
      );
  }

  /** The timer's part: finds what no delivery announced. */
  sweep = () => records.run(this.source);

  async receive(event: HttpEvent): Promise<void> {
    const problem = await this.refusal(event);
    if (problem) {
      this.source.http.respond({ status: 401, body: { error: problem } });
      log(`A delivery was refused: ${problem}`);
      return;
    }
    this.source.http.respond({ status: 200, body: { received: true } });
    const body = parsed(event);
    if (body?.operation === "delete") return this.emitDeletion(body);
    try {
      await records.run(this.source);
    } catch (error) {
      // Another delivery is being read at this moment; what this one announces is read by it, or by the next run.
      if (!(error instanceof FeedError && error.problem === "overtaken")) throw error;
      log("Another run is reading already; this delivery is left to the next one.");
    }
  }

  private emitDeletion(body: Record<string, unknown>): void {
    if (!wants(this.source, "delete")) return;
    const sysId = textOf(body.sys_id);
    const ts = Date.now();
    this.source.$emit(
      { sys_id: sysId, table: body.table, display_value: body.display_value, change: "deleted" },
      { id: `${sysId}-deleted`.slice(0, 64), ts, summary: `Deleted: ${textOf(body.display_value) || sysId}` },
    );
  }

  private async refusal({ headers, bodyRaw }: HttpEvent): Promise<string | undefined> {
    const sent = headers["x-sent-at"] ?? "";
    const signature = headers["x-signature"] ?? "";
    if (!sent || !signature) return "it is not signed";
    const expected = createHmac("sha256", Buffer.from(this.key(), "base64"))
      .update(`${sent}.${bodyRaw}`)
      .digest();
    const given = Buffer.from(signature, "base64");
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return "its signature is wrong";
    const isFresh = (now: number) => Math.abs(now - Number(sent)) <= STALE_MS;
    // It was stamped by the instance, whose clock may differ from ours.
    if (isFresh(Date.now()) || isFresh(await this.instanceClock())) return undefined;
    return "it was sent too long ago";
  }

  private async instanceClock(): Promise<number> {
    const { servicenow, table } = this.source;
    const { date } = await servicenow
      .client()
      .table(table)
      .page({ fields: ["sys_id"], limit: 1 });
    return date.getTime();
  }

  /** Base64. The secret of the props where there is one, otherwise one made for this source alone. */
  private key(): string {
    const { signingSecret, db } = this.source;
    if (signingSecret) return Buffer.from(signingSecret, "utf8").toString("base64");
    const saved = db.get(KEY);
    if (typeof saved === "string") return saved;
    const made = randomBytes(32).toString("base64");
    db.set(KEY, made);
    return made;
  }

  private async createRule(): Promise<void> {
    const { source } = this;
    const client = source.servicenow.client();
    await this.deactivate();
    const operations = ["insert", "update", "delete"].filter((name) => wants(source, name));
    try {
      const rule = await client.table("sys_script").create({
        name: `${RULE_NAME} ${source.table}`.slice(0, 40),
        collection: requiredTable(source.table),
        // After the transaction, so that the record can be read when the delivery arrives and nobody waits for it.
        when: "async",
        order: "1000",
        active: "true",
        advanced: "true",
        action_insert: String(operations.includes("insert")),
        action_update: String(operations.includes("update")),
        action_delete: String(operations.includes("delete")),
        filter_condition: makeFilter(source.query).query,
        script: ruleScript({ endpoint: source.http.endpoint, key: this.key() }),
      });
      source.db.set(RULE, rule.sys_id);
    } catch (error) {
      throw this.explained(error, client);
    }
  }

  private explained(error: unknown, client: ServiceNow): unknown {
    if (!isServiceNowError(error) || (error.status !== 403 && error.status !== 401)) return error;
    return new ServiceNowError({
      kind: "acl",
      what: `This account may not create the business rule on ${client.instance.origin}`,
      reason: "writing to sys_script takes the role admin",
      remedy:
        "Set Setup to manual: the log then has a script that an administrator can put into a business rule. Or use New or Updated Record, which needs no rule",
      status: error.status,
    });
  }

  private print(): void {
    const { source } = this;
    log(
      [
        "Create a business rule by hand (System Definition > Business Rules):",
        `table ${source.table}, advanced, when async, for ${["insert", "update", "delete"].filter((name) => wants(source, name)).join(", ")}, filter: ${makeFilter(source.query).query || "none"}. Its script:`,
        ruleScript({ endpoint: source.http.endpoint, key: PLACEHOLDER }),
        "Until it runs, events come by the schedule alone.",
      ].join("\n"),
    );
  }
}

function parsed({ body, bodyRaw }: HttpEvent): Record<string, unknown> | undefined {
  if (typeof body === "object" && body !== null) return body as Record<string, unknown>;
  try {
    return JSON.parse(bodyRaw) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

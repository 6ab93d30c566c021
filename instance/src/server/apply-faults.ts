import type { FastifyReply, FastifyRequest } from "fastify";
import type { Instance } from "../core/instance";
import { html, json } from "../http/types";
import type { PageResponse } from "../auth/routes";
import { revoke } from "../auth/tokens";
import { hibernationPage, loginPage, maintenancePage, wakingPage } from "../auth/sign-in-pages";
import type { Fault } from "../faults/plan";

/** What the faults and the switches do to one request. */
export interface FaultEffects {
  ids: string[];
  delayMs: number;
  resetBefore: boolean;
  /** The answer instead of the work. */
  response: PageResponse | undefined;
  /** After the work: how the answer is spoilt. */
  spoil: {
    resetDuring: boolean;
    resetAfter: boolean;
    cutAfterBytes: number | undefined;
    brokenQuota: boolean;
    quotaResult: boolean | "empty";
    /** The answer in place of the one that the work gave. */
    response: PageResponse | undefined;
  };
  commitDelaySeconds: number | undefined;
  hideRows: number | undefined;
  dateSkewSeconds: number;
}

const quotaError = {
  error: {
    detail:
      "Transaction cancelled: maximum execution time exceeded. Check logs for error trace or enable glide.rest.debug property to verify REST request processing",
    message: "Transaction cancelled: maximum execution time exceeded",
  },
  status: "failure",
};

/** What the faults do to the request. Tokens that a fault revokes are ended here, before anybody looks at them. */
export function faultsOf(
  instance: Instance,
  request: { method: string; path: string; query: string; headers: Record<string, string> },
): FaultEffects {
  const effects: FaultEffects = {
    ids: [],
    delayMs: 0,
    resetBefore: false,
    response: switchedPage(instance, request.path),
    spoil: {
      resetDuring: false,
      resetAfter: false,
      cutAfterBytes: undefined,
      brokenQuota: false,
      quotaResult: false,
      response: undefined,
    },
    commitDelaySeconds: undefined,
    hideRows: undefined,
    dateSkewSeconds: 0,
  };
  if (instance.faults.empty) return effects;
  const table = /^\/api\/now\/(?:v\d\/)?(?:table|stats|import)\/([^/]+)/.exec(request.path)?.[1];
  const faults = instance.faults.faultsFor({ ...request, table, user: userOf(instance, request.headers) });
  for (const fault of faults) apply(instance, effects, fault, request.headers);
  if (effects.delayMs > quotaFor(instance, request.path) * 1000) {
    effects.delayMs = Math.min(effects.delayMs, 100);
    const { quotaAnswer } = instance.config;
    if (quotaAnswer === "error") effects.response ??= json(500, JSON.stringify(quotaError));
    else if (quotaAnswer === "broken") effects.spoil.brokenQuota = true;
    else effects.spoil.quotaResult = true;
  }
  return effects;
}

function quotaFor(instance: Instance, path: string): number {
  if (/\/batch$/.test(path)) return instance.config.batchQuotaSeconds;
  return /\/(table|stats|import|attachment)(\/|$)/.test(path)
    ? instance.config.transactionQuotaSeconds
    : Infinity;
}

function apply(
  instance: Instance,
  effects: FaultEffects,
  fault: Fault,
  headers: Record<string, string>,
): void {
  effects.ids.push(fault.id ?? "");
  effects.delayMs += fault.delayMs ?? 0;
  if (fault.reset === "before") effects.resetBefore = true;
  if (fault.reset === "during") effects.spoil.resetDuring = true;
  if (fault.reset === "after") effects.spoil.resetAfter = true;
  if (fault.cutAfterBytes !== undefined) effects.spoil.cutAfterBytes = fault.cutAfterBytes;
  if (fault.brokenQuota) effects.spoil.brokenQuota = true;
  if (fault.quotaResult) effects.spoil.quotaResult = fault.quotaResult;
  if (fault.commitDelaySeconds !== undefined) effects.commitDelaySeconds = fault.commitDelaySeconds;
  if (fault.hideRows !== undefined) effects.hideRows = fault.hideRows;
  effects.dateSkewSeconds += fault.dateSkewSeconds ?? 0;
  if (fault.revokeToken) {
    const token = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
    if (token) revoke(instance, token, fault.revokeToken === "grant");
  }
  let response: PageResponse | undefined;
  if (fault.page) response = pageOf(fault.page);
  else if (fault.status !== undefined) {
    const text =
      typeof fault.body === "string" ? fault.body : JSON.stringify(fault.body ?? statusBody(fault.status));
    response = {
      status: fault.status,
      headers: { "Content-Type": "application/json;charset=UTF-8", ...fault.headers },
      body: text,
    };
  }
  if (fault.afterWork) effects.spoil.response = response;
  else effects.response = response ?? effects.response;
}

function statusBody(status: number): unknown {
  return {
    error: { message: status === 429 ? "Rate limit exceeded" : "Injected fault", detail: null },
    status: "failure",
  };
}

function pageOf(page: NonNullable<Fault["page"]>): PageResponse {
  switch (page) {
    case "hibernation":
      return html(200, hibernationPage);
    case "waking":
      return html(200, wakingPage);
    case "maintenance":
      return html(503, maintenancePage);
    case "login":
      return { status: 302, headers: { Location: "/login.do" }, body: "" };
  }
}

function switchedPage(instance: Instance, path: string): PageResponse | undefined {
  const { config } = instance;
  if (config.hibernating) return html(200, hibernationPage);
  if (config.waking) return html(200, wakingPage);
  if (config.maintenance) return html(503, maintenancePage);
  if (config.loginRedirect) {
    if (path.startsWith("/api/")) return { status: 302, headers: { Location: "/login.do" }, body: "" };
    if (path === "/login.do") return html(200, loginPage("/"));
  }
  return undefined;
}

function userOf(instance: Instance, headers: Record<string, string>): string | undefined {
  const basic = /^Basic\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (basic) return Buffer.from(basic, "base64").toString("utf8").split(":")[0];
  const token = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  const row = token && instance.store.get("SELECT user FROM oauth_credential WHERE token = ?", [token]);
  return row ? String(row.user) : undefined;
}

/** Sends the answer, or spoils it as the faults want. */
export function answerWithFaults(
  { spoil }: FaultEffects,
  request: FastifyRequest,
  reply: FastifyReply,
  response: PageResponse,
  send: (response: PageResponse) => FastifyReply,
): FastifyReply {
  if (spoil.resetAfter) {
    request.raw.socket.destroy();
    return reply.hijack();
  }
  if (spoil.response) return send(spoil.response);
  if (typeof response.body !== "string" || response.body === "") return send(response);
  if (spoil.brokenQuota && response.body.startsWith('{"result":[')) {
    const rows = response.body.slice(0, Math.max(11, response.body.lastIndexOf("},{") + 2));
    response.body = `${rows.endsWith(",") ? rows : `${rows},`}],${JSON.stringify(quotaError).slice(1)}`;
    response.status = 200;
    return send(response);
  }
  if (spoil.quotaResult && response.body.startsWith('{"result":')) {
    const { result } = JSON.parse(response.body) as { result: unknown };
    const rows = Array.isArray(result) && spoil.quotaResult !== "empty" ? result.slice(0, -1) : [];
    response.body = JSON.stringify({ result: rows, ...quotaError });
    response.status = 200;
    return send(response);
  }
  if (spoil.cutAfterBytes !== undefined) {
    response.body = Buffer.from(response.body).subarray(0, spoil.cutAfterBytes);
    return send(response);
  }
  if (spoil.resetDuring) {
    const bytes = Buffer.from(response.body);
    reply.hijack();
    reply.raw.writeHead(response.status, { ...response.headers, "Content-Length": bytes.length });
    reply.raw.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => request.raw.socket.destroy());
    return reply;
  }
  return send(response);
}

import type { QuickJSWASMModule } from "quickjs-emscripten";

/** What a rule's script is given. All of it is text; nothing of the process can be reached from inside. */
export interface ScriptInput {
  table: string;
  operation: string;
  current: Record<string, string>;
  /** Display values of references, choices and times of `current`. */
  displays: Record<string, string>;
  previous: Record<string, string> | null;
  user: { sysId: string; userName: string; name: string };
  properties: Record<string, string>;
  messages: {
    name: string;
    function: string;
    endpoint: string;
    method: string;
    content: string;
    headers: Record<string, string>;
  }[];
  now: string;
}

/** An outbound call that a script asked for. */
export interface OutboundCall {
  endpoint: string;
  method: string;
  headers: Record<string, string>;
  body: string;
}

export interface ScriptOutcome {
  changes: Record<string, string>;
  aborted: boolean;
  calls: OutboundCall[];
  logs: { level: string; message: string }[];
  /** Value of the last expression, for conditions. */
  value: unknown;
  error?: string;
}

let quickJs: QuickJSWASMModule | undefined;
let loadProblem = "it is not loaded yet";

/** Must have ended before the first script runs. Where the engine cannot be loaded, scripts fail and all else works. */
export async function loadSandbox(): Promise<void> {
  try {
    const { getQuickJS } = await import("quickjs-emscripten");
    quickJs = await getQuickJS();
  } catch (error) {
    loadProblem = error instanceof Error ? error.message : String(error);
  }
}

const timeLimitMs = 1000;
const memoryLimit = 32 * 1024 * 1024;

/** The part of Glide that notifications use, written in the language of the scripts themselves. */
const prelude = `
var __out = { aborted: false, calls: [], logs: [] };
function GlideElement(value, display, changed) { this.__v = value; this.__d = display; this.__c = changed; }
GlideElement.prototype.toString = function () { return this.__v; };
GlideElement.prototype.valueOf = function () { return this.__v; };
GlideElement.prototype.toJSON = function () { return this.__v; };
GlideElement.prototype.getDisplayValue = function () { return this.__d === undefined ? this.__v : this.__d; };
GlideElement.prototype.getValue = function () { return this.__v; };
GlideElement.prototype.nil = function () { return this.__v === ""; };
GlideElement.prototype.changes = function () { return this.__c; };
GlideElement.prototype.changesTo = function (value) { return this.__c && this.__v === String(value); };
function GlideRecord(values, displays, before) {
  for (var name in values) this[name] = new GlideElement(values[name], displays[name], !before || before[name] !== values[name]);
  Object.defineProperty(this, "__values", { value: values });
}
GlideRecord.prototype.getValue = function (name) { var v = this[name]; return v === undefined || String(v) === "" ? null : String(v); };
GlideRecord.prototype.setValue = function (name, value) { this[name] = value; };
GlideRecord.prototype.getUniqueValue = function () { return String(this.sys_id); };
GlideRecord.prototype.getTableName = function () { return __in.table; };
GlideRecord.prototype.getRecordClassName = function () { return __in.table; };
GlideRecord.prototype.getDisplayValue = function (name) {
  if (name === undefined) name = this.number !== undefined ? "number" : "name";
  var v = this[name]; return v instanceof GlideElement ? v.getDisplayValue() : v === undefined ? "" : String(v);
};
GlideRecord.prototype.getElement = function (name) { return this[name]; };
GlideRecord.prototype.isValidField = function (name) { return name in this.__values; };
GlideRecord.prototype.isNewRecord = function () { return __in.operation === "insert"; };
GlideRecord.prototype.operation = function () { return __in.operation; };
GlideRecord.prototype.setAbortAction = function (abort) { __out.aborted = !!abort; };
GlideRecord.prototype.update = function () { return String(this.sys_id); };
var __log = function (level) { return function (message) { __out.logs.push({ level: level, message: String(message) }); }; };
var gs = {
  info: __log("info"), log: __log("info"), print: __log("info"), debug: __log("debug"), warn: __log("warn"), error: __log("error"),
  addErrorMessage: __log("error"), addInfoMessage: __log("info"),
  getUserID: function () { return __in.user.sysId; }, getUserName: function () { return __in.user.userName; },
  getUserDisplayName: function () { return __in.user.name; },
  getProperty: function (name, fallback) { return Object.prototype.hasOwnProperty.call(__in.properties, name) ? __in.properties[name] : fallback === undefined ? null : fallback; },
  nowDateTime: function () { return __in.now; }, now: function () { return __in.now.slice(0, 10); },
  nil: function (value) { return value === undefined || value === null || String(value) === ""; },
  eventQueue: function (name) { __out.logs.push({ level: "event", message: String(name) }); }, generateGUID: function () { return "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".replace(/x/g, function () { return Math.floor(Math.random() * 16).toString(16); }); }
};
var sn_ws = {};
sn_ws.RESTMessageV2 = function (name, fn) {
  this.__c = { endpoint: "", method: "get", headers: {}, body: "" }; this.__p = {};
  var self = this;
  if (name !== undefined) __in.messages.forEach(function (m) {
    if (m.name === String(name) && (fn === undefined || m["function"].toLowerCase() === String(fn).toLowerCase()))
      self.__c = { endpoint: m.endpoint, method: m.method, headers: Object.assign({}, m.headers), body: m.content };
  });
};
sn_ws.RESTMessageV2.prototype = {
  setEndpoint: function (v) { this.__c.endpoint = String(v); }, getEndpoint: function () { return this.__c.endpoint; },
  setHttpMethod: function (v) { this.__c.method = String(v); },
  setRequestHeader: function (k, v) { this.__c.headers[String(k)] = String(v); },
  setRequestBody: function (v) { this.__c.body = String(v); }, getRequestBody: function () { return this.__c.body; },
  setStringParameter: function (k, v) { this.__p[k] = String(v); }, setStringParameterNoEscape: function (k, v) { this.__p[k] = String(v); },
  setQueryParameter: function (k, v) { this.__c.endpoint += (this.__c.endpoint.indexOf("?") < 0 ? "?" : "&") + encodeURIComponent(k) + "=" + encodeURIComponent(v); },
  setHttpTimeout: function () {}, setEccParameter: function () {}, setMIDServer: function () {}, setLogLevel: function () {}, setBasicAuth: function () {},
  execute: function () {
    var self = this, fill = function (text) { return text.replace(/\\$\\{([\\w.]+)\\}/g, function (all, k) { return k in self.__p ? self.__p[k] : all; }); };
    __out.calls.push({ endpoint: fill(this.__c.endpoint), method: this.__c.method.toUpperCase(), headers: this.__c.headers, body: fill(this.__c.body) });
    return { getStatusCode: function () { return 202; }, getBody: function () { return ""; }, haveError: function () { return false; }, getErrorMessage: function () { return ""; }, waitForResponse: function () {}, getHeader: function () { return ""; } };
  }
};
sn_ws.RESTMessageV2.prototype.executeAsync = sn_ws.RESTMessageV2.prototype.execute;
function GlideDateTime() { this.getValue = function () { return __in.now; }; this.toString = this.getValue; this.getDisplayValue = this.getValue; }
var current = new GlideRecord(__in.current, __in.displays, __in.previous);
var previous = __in.previous ? new GlideRecord(__in.previous, {}, __in.previous) : null;
`;

const collect = `;JSON.stringify((function () {
  var changes = {};
  for (var name in __in.current) {
    var value = current[name];
    if (value instanceof GlideElement) continue;
    changes[name] = value === null || value === undefined ? "" : typeof value === "object" && value.toString ? String(value) : String(value);
  }
  return { changes: changes, aborted: __out.aborted, calls: __out.calls.slice(0, 20), logs: __out.logs.slice(0, 100) };
})())`;

/** Runs a script with a limit of one second and 32 MB. Errors of the script are in the outcome. */
export function runScript(script: string, input: ScriptInput): ScriptOutcome {
  const nothing: ScriptOutcome = { changes: {}, aborted: false, calls: [], logs: [], value: undefined };
  if (!quickJs) return { ...nothing, error: `The script sandbox cannot be used: ${loadProblem}` };
  const runtime = quickJs.newRuntime();
  runtime.setMemoryLimit(memoryLimit);
  runtime.setMaxStackSize(512 * 1024);
  const deadline = Date.now() + timeLimitMs;
  runtime.setInterruptHandler(() => Date.now() > deadline);
  const context = runtime.newContext();
  try {
    const start = context.evalCode(
      `var __in = ${JSON.stringify(input).replace(/\u2028|\u2029/g, "")};${prelude}`,
    );
    if (start.error) return { ...nothing, error: describe(context.dump(start.error)) };
    start.value.dispose();
    const ran = context.evalCode(script);
    let value: unknown;
    let error: string | undefined;
    if (ran.error) {
      error = describe(context.dump(ran.error));
      ran.error.dispose();
    } else {
      value = context.typeof(ran.value) === "object" ? true : context.dump(ran.value);
      ran.value.dispose();
    }
    const end = context.evalCode(collect);
    if (end.error) return { ...nothing, error: error ?? describe(context.dump(end.error)) };
    const outcome = JSON.parse(context.getString(end.value)) as ScriptOutcome;
    end.value.dispose();
    return { ...outcome, value, error };
  } finally {
    context.dispose();
    try {
      runtime.dispose();
    } catch {
      // A script that was cut off may leave handles behind; the runtime is thrown away with them.
    }
  }
}

function describe(error: unknown): string {
  if (typeof error === "object" && error !== null && "message" in error)
    return String((error as { message: unknown }).message);
  return String(error);
}

/**
 * The part of Glide that outbound notifications use, in the language of the scripts themselves. It finds its input in `__in`, keeps
 * what the script asks for in `__out`, and may call `__rows(table, query, limit)` and `__suspend(call)` of the instance.
 */
export const glidePrelude = `
var __out = { aborted: false, calls: [], events: [], logs: [] };
var __seen = 0;
function GlideElement(value, display, changed) { this.__v = value; this.__d = display; this.__c = changed; }
GlideElement.prototype.toString = function () { return this.__v; };
GlideElement.prototype.valueOf = function () { return this.__v; };
GlideElement.prototype.toJSON = function () { return this.__v; };
GlideElement.prototype.getDisplayValue = function () { return this.__d === undefined ? this.__v : this.__d; };
GlideElement.prototype.getValue = function () { return this.__v; };
GlideElement.prototype.nil = function () { return this.__v === ""; };
GlideElement.prototype.changes = function () { return this.__c; };
GlideElement.prototype.changesTo = function (value) { return this.__c && this.__v === String(value); };
GlideElement.prototype.changesFrom = function (value) { return this.__c && this.__b === String(value); };

// A reference gives the columns of the record it points to, which is read when it is first asked for.
function __reference(element, table) {
  var target;
  function record() {
    if (target === undefined) {
      target = new GlideRecord(table);
      if (element.__v === "" || !target.get(element.__v)) target = null;
    }
    return target;
  }
  element.getRefRecord = function () { return record() || new GlideRecord(table); };
  return new Proxy(element, {
    get: function (from, name) {
      if (typeof name === "symbol" || name in from) return from[name];
      var found = record();
      return found ? found[name] : undefined;
    }
  });
}
function __fill(record, row, before) {
  record.__names.forEach(function (name) { delete record[name]; });
  record.__names.length = 0;
  for (var name in row.values) {
    var element = new GlideElement(row.values[name], row.displays[name], !before || before[name] !== row.values[name]);
    if (before) element.__b = before[name];
    record[name] = row.references[name] ? __reference(element, row.references[name]) : element;
    record.__names.push(name);
  }
}
function GlideRecord(table) {
  var hidden = { __names: [], __table: String(table), __query: [], __limit: 0, __rows: [], __at: -1 };
  for (var name in hidden) Object.defineProperty(this, name, { value: hidden[name], writable: true });
}
GlideRecord.prototype = {
  getValue: function (name) { var v = this[name]; return v === undefined || v === null || String(v) === "" ? null : String(v); },
  setValue: function (name, value) { this[name] = value; },
  getUniqueValue: function () { return String(this.sys_id); },
  getTableName: function () { return this.__table; },
  getRecordClassName: function () { return this.sys_class_name === undefined ? this.__table : String(this.sys_class_name); },
  getDisplayValue: function (name) {
    if (name === undefined) name = this.number !== undefined ? "number" : "name";
    var v = this[name];
    return v instanceof GlideElement ? v.getDisplayValue() : v === undefined ? "" : String(v);
  },
  getElement: function (name) { return this[name]; },
  isValidField: function (name) { return this.__names.indexOf(name) >= 0; },
  isValidRecord: function () { return this.__names.length > 0; },
  isNewRecord: function () { return __in.operation === "insert"; },
  operation: function () { return __in.operation; },
  setAbortAction: function (abort) { __out.aborted = !!abort; },
  update: function () { return String(this.sys_id); },
  addQuery: function (name, operator, value) {
    if (operator === undefined) this.__query.push(name);
    else if (value === undefined) this.__query.push(name + "=" + operator);
    else this.__query.push(name + operator + value);
    return this;
  },
  addEncodedQuery: function (query) { this.__query.push(String(query)); },
  addActiveQuery: function () { this.__query.push("active=true"); },
  addNullQuery: function (name) { this.__query.push(name + "ISEMPTY"); },
  addNotNullQuery: function (name) { this.__query.push(name + "ISNOTEMPTY"); },
  orderBy: function (name) { this.__query.push("ORDERBY" + name); },
  orderByDesc: function (name) { this.__query.push("ORDERBYDESC" + name); },
  setLimit: function (count) { this.__limit = Number(count); },
  query: function () { this.__rows = JSON.parse(__rows(this.__table, this.__query.join("^"), this.__limit)); this.__at = -1; },
  hasNext: function () { return this.__at + 1 < this.__rows.length; },
  next: function () {
    if (!this.hasNext()) return false;
    this.__at += 1;
    __fill(this, this.__rows[this.__at]);
    return true;
  },
  getRowCount: function () { return this.__rows.length; },
  get: function (name, value) {
    this.__query = [value === undefined ? "sys_id=" + name : name + "=" + value];
    this.__limit = 1;
    this.query();
    return this.next();
  }
};
GlideRecord.prototype.getLink = function () { return this.__table + ".do?sys_id=" + this.getUniqueValue(); };
GlideRecord.prototype.getElements = function () { var self = this; return this.__names.map(function (name) { return self[name]; }); };
GlideRecord.prototype._next = GlideRecord.prototype.next;
GlideRecord.prototype._query = GlideRecord.prototype.query;
// A loop over a record meets its columns only.
[GlideElement.prototype, GlideRecord.prototype].forEach(function (prototype) {
  Object.keys(prototype).forEach(function (name) { Object.defineProperty(prototype, name, { enumerable: false }); });
});

function __base64(text) {
  var signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", out = "";
  var bytes = unescape(encodeURIComponent(String(text)));
  for (var at = 0; at < bytes.length; at += 3) {
    var left = bytes.length - at, bits = 0;
    for (var i = 0; i < 3; i++) bits = bits << 8 | (i < left ? bytes.charCodeAt(at + i) : 0);
    for (var j = 3; j >= 0; j--) out += 3 - j > left ? "=" : signs.charAt(bits >> 6 * j & 63);
  }
  return out;
}
var GlideStringUtil = { base64Encode: __base64 };

var __log = function (level) { return function (message) { __out.logs.push({ level: level, message: String(message) }); }; };
var gs = {
  info: __log("info"), log: __log("info"), print: __log("info"), debug: __log("debug"), warn: __log("warn"), error: __log("error"),
  addErrorMessage: __log("error"), addInfoMessage: __log("info"),
  getUserID: function () { return __in.user.sysId; }, getUserName: function () { return __in.user.userName; },
  getUserDisplayName: function () { return __in.user.name; },
  hasRole: function (role) { return __in.user.roles.indexOf("admin") >= 0 || __in.user.roles.indexOf(String(role)) >= 0; },
  getProperty: function (name, fallback) { return Object.prototype.hasOwnProperty.call(__in.properties, name) ? __in.properties[name] : fallback === undefined ? null : fallback; },
  nowDateTime: function () { return __in.now; }, now: function () { return __in.now.slice(0, 10); },
  nil: function (value) { return value === undefined || value === null || String(value) === ""; },
  base64Encode: __base64, urlEncode: function (text) { return encodeURIComponent(String(text)); },
  getMessage: function (text, values) { return String(text).replace(/\\{(\\d+)\\}/g, function (all, at) { return values && values[at] !== undefined ? String(values[at]) : all; }); },
  eventQueue: function (name, record, parm1, parm2) {
    var text = function (value) { return value === undefined || value === null ? "" : String(value); };
    __out.events.push({ name: text(name), table: record ? record.getTableName() : "", instance: record ? record.getUniqueValue() : "", parm1: text(parm1), parm2: text(parm2) });
  },
  generateGUID: function () { return "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".replace(/x/g, function () { return Math.floor(Math.random() * 16).toString(16); }); }
};

// The answer to the next call of this script. Without one the script is cut off here, and run again once there is one.
function __answer(call) {
  if (__seen >= __in.answers.length) { __suspend(JSON.stringify(call)); for (;;); }
  return __in.answers[__seen++];
}
function __response(answer) {
  return {
    getStatusCode: function () { return answer().status; },
    getBody: function () { return answer().body; },
    getHeader: function (name) { var v = answer().headers[String(name).toLowerCase()]; return v === undefined ? null : v; },
    getHeaders: function () { return answer().headers; }, getAllHeaders: function () { return answer().headers; },
    haveError: function () { return answer().error !== ""; },
    getErrorMessage: function () { return answer().error; },
    getErrorCode: function () { return answer().error === "" ? 0 : 1; },
    waitForResponse: function () { answer(); }
  };
}
var sn_ws = {};
sn_ws.RESTMessageV2 = function (name, fn) {
  this.__c = { endpoint: "", method: "get", headers: {}, body: "", timeoutMs: 0 }; this.__p = {};
  var self = this;
  if (name !== undefined) __in.messages.forEach(function (m) {
    if (m.name === String(name) && (fn === undefined || m["function"].toLowerCase() === String(fn).toLowerCase()))
      self.__c = { endpoint: m.endpoint, method: m.method, headers: Object.assign({}, m.headers), body: m.content, timeoutMs: 0 };
  });
};
sn_ws.RESTMessageV2.prototype = {
  setEndpoint: function (v) { this.__c.endpoint = String(v); }, getEndpoint: function () { return this.__c.endpoint; },
  setHttpMethod: function (v) { this.__c.method = String(v); },
  setRequestHeader: function (k, v) { this.__c.headers[String(k)] = String(v); },
  setRequestBody: function (v) { this.__c.body = String(v); }, getRequestBody: function () { return this.__c.body; },
  setStringParameter: function (k, v) { this.__p[k] = String(v); }, setStringParameterNoEscape: function (k, v) { this.__p[k] = String(v); },
  setQueryParameter: function (k, v) { this.__c.endpoint += (this.__c.endpoint.indexOf("?") < 0 ? "?" : "&") + encodeURIComponent(k) + "=" + encodeURIComponent(v); },
  setHttpTimeout: function (v) { this.__c.timeoutMs = Number(v); },
  setEccParameter: function () {}, setMIDServer: function () {}, setLogLevel: function () {},
  setBasicAuth: function (user, password) { this.setRequestHeader("Authorization", "Basic " + __base64(user + ":" + password)); },
  __call: function () {
    var self = this, fill = function (text) { return text.replace(/\\$\\{([\\w.]+)\\}/g, function (all, k) { return k in self.__p ? self.__p[k] : all; }); };
    return { endpoint: fill(this.__c.endpoint), method: this.__c.method.toUpperCase(), headers: this.__c.headers, body: fill(this.__c.body), timeoutMs: this.__c.timeoutMs };
  },
  execute: function () { var answer = __answer(this.__call()); return __response(function () { return answer; }); },
  // Sent once the script is through, unless the script asks for the answer before.
  executeAsync: function () {
    var call = this.__call(), answer;
    __out.calls.push(call);
    return __response(function () {
      if (answer === undefined) { __out.calls.splice(__out.calls.indexOf(call), 1); answer = __answer(call); }
      return answer;
    });
  }
};
// The key is base64, and so is what comes back.
function GlideCertificateEncryption() { this.generateMac = function (key, algorithm, data) { return __mac(String(key), String(algorithm), String(data)); }; }
// Times are UTC, also as display values.
function GlideDateTime(value) { this.__t = Date.parse(String(value || __in.now).replace(" ", "T") + "Z"); }
GlideDateTime.prototype = {
  getValue: function () { return new Date(this.__t).toISOString().slice(0, 19).replace("T", " "); },
  toString: function () { return this.getValue(); }, getDisplayValue: function () { return this.getValue(); },
  getDate: function () { return this.getValue().slice(0, 10); }, getNumericValue: function () { return this.__t; },
  addSeconds: function (count) { this.__t += Number(count) * 1000; }, addDaysUTC: function (count) { this.__t += Number(count) * 86400000; },
  before: function (other) { return this.__t < other.__t; }, after: function (other) { return this.__t > other.__t; }
};
var current = new GlideRecord(__in.table);
__fill(current, __in.current, __in.previous ? __in.previous.values : undefined);
var target = current, previous = null;
for (var __name in __in.globals) globalThis[__name] = __in.globals[__name];
if (__in.previous) { previous = new GlideRecord(__in.table); __fill(previous, __in.previous, __in.previous.values); }
`;

/** What the script did, as JSON. */
export const glideOutcome = `;JSON.stringify((function () {
  var changes = {};
  // Journal columns are no values of the record, and are written all the same.
  for (var name of Object.keys(current)) {
    var value = current[name];
    if (!(value instanceof GlideElement) && typeof value !== "function") changes[name] = value === null || value === undefined ? "" : String(value);
  }
  var globals = {};
  for (var given in __in.globals) globals[given] = globalThis[given];
  return {
    globals: globals, changes: changes, aborted: __out.aborted, seen: __seen,
    calls: __out.calls.slice(0, 20), events: __out.events.slice(0, 100), logs: __out.logs.slice(0, 100)
  };
})())`;

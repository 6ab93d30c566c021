import type { CallOptions, ServiceNow } from "../client";
import { isServiceNowError, ServiceNowError, usageError } from "../errors";
import { tableName } from "../http/url";
import { andEach, parseQuery } from "../query";
import { walk } from "../table/paging";
import type { ListFacts, Page, Reference } from "../table/types";
import { sysIdOf, utc } from "../table/values";
import {
  checkFileName,
  contentTypeOf,
  sizeOf,
  tooLarge,
  toRequestBody,
  type FileContent,
} from "./attachment-content";
import { multipart } from "./attachment-multipart";
import { wholeStream } from "./attachment-stream";
import { common, path, resultOf, send, where, type Term } from "./call";

/** What ServiceNow keeps beside a file. All texts are as it gives them; dates are UTC. */
export interface Attachment {
  sys_id: string;
  file_name: string;
  content_type: string;
  size_bytes: string;
  table_name: string;
  table_sys_id: string;
  download_link: string;
  sys_created_on: string;
  sys_created_by: string;
  sys_updated_on: string;
  sys_updated_by: string;
  /** SHA-256 in hex, on newer releases. */
  hash?: string;
  /** `pending`, `available` or `not_available` (the virus scan refused it), on newer releases. */
  state?: string;
}

/** The record a file belongs to. */
export interface AttachmentTarget {
  table: string;
  record: Reference;
}

export interface UploadFile {
  name: string;
  content: FileContent;
  /** @default by the name's ending */
  contentType?: string;
}

export interface UploadOptions extends CallOptions {
  /** Bytes at most, checked before and while sending. @default 1073741824, ServiceNow's own default */
  maxBytes?: number;
  /** sys_id of an encryption context. */
  encryptionContext?: string;
  /** Creation time to be kept with the file. */
  creationTime?: Date;
}

export interface DownloadOptions extends CallOptions {
  /** Bytes at most; a larger file is refused before its content is read. @default none */
  maxBytes?: number;
}

/** A file as it comes down. */
export interface DownloadedFile<Body> {
  body: Body;
  name: string;
  contentType: string;
  /** Bytes, where the instance says it. */
  size: number | undefined;
  /** Everything the instance keeps beside the file, where it sent it along. */
  attachment: Attachment | undefined;
}

const MAX_BYTES = 1024 * 1024 * 1024;
/** Files take longer than records. */
const FILE_TIMEOUT_MS = 600_000;
const BASE = "/api/now/attachment";

/** Files attached to records. `attachments(client).upload({ table: "incident", record: id }, { name, content })` */
export function attachments(client: ServiceNow): Attachments {
  return new Attachments(client);
}

/**
 * The Attachment API. Files go up and come down as streams, so that memory does not grow with them.
 * @see https://www.servicenow.com/docs/csh?topicname=c_AttachmentAPI.html
 */
export class Attachments {
  constructor(readonly client: ServiceNow) {}

  /** Attachments of a record, of a table, or by an encoded query over `sys_attachment`; up to `max` (1,000). */
  async list(
    options: CallOptions & Partial<AttachmentTarget> & { query?: string; max?: number } = {},
  ): Promise<ListFacts & { rows: Attachment[] }> {
    const rows: Attachment[] = [];
    const pages = this.pages({ ...options, max: options.max ?? 1000 });
    for (;;) {
      const step = await pages.next();
      if (step.done) return { rows, ...step.value };
      rows.push(...step.value.rows);
    }
  }

  /** The same page by page, without an upper limit unless `max` says one. */
  async *pages(
    options: CallOptions &
      Partial<AttachmentTarget> & { query?: string; max?: number; pageSize?: number } = {},
  ): AsyncGenerator<Page<Attachment>, ListFacts> {
    const { table, record, query = "", max = Infinity, pageSize = 500 } = options;
    if (record !== undefined && table === undefined) {
      throw usageError("Attachments of a record are listed with the record's table", "Give table as well");
    }
    const terms: Term[] = [];
    if (table !== undefined) terms.push(["table_name", "=", tableName(table)]);
    if (record !== undefined) terms.push(["table_sys_id", "=", sysIdOf(record)]);
    const filter = andEach(parseQuery(query), parseQuery(where(terms)));
    const steps = walk(
      async (ask) => {
        const answer = await send<{ result: Record<string, unknown>[] }>(this.client, {
          ...common(options),
          path: BASE,
          doing: "list attachments",
          params: {
            ...options.params,
            sysparm_query: ask.query,
            sysparm_limit: ask.limit,
            sysparm_offset: ask.offset || undefined,
          },
        });
        const total = Number(answer.headers["x-total-count"] ?? Number.NaN);
        return {
          rows: answer.data.result,
          total: Number.isNaN(total) ? null : total,
          date: answer.date,
          bytes: answer.bytes,
          hasNext: !Number.isNaN(total) && ask.offset + ask.limit < total,
        };
      },
      { filter, pageSize: Math.min(pageSize, max), max },
    );
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value;
      yield step.value as unknown as Page<Attachment>;
    }
  }

  /** What ServiceNow keeps beside the file. @throws `not-found` */
  async get(attachment: Reference, options: CallOptions = {}): Promise<Attachment> {
    const id = sysIdOf(attachment);
    return resultOf(this.client, {
      ...common(options),
      path: path(BASE, id),
      doing: `read attachment ${id}`,
    });
  }

  /**
   * Uploads a file. Bytes and texts are sent again after a failure that surely did not reach the instance; a stream only when it
   * is given as a function.
   *
   * @throws ServiceNowError `usage` for a name or a size that cannot be right, before anything is sent; `too-large`, `acl` from the
   *   instance
   */
  async upload(target: AttachmentTarget, file: UploadFile, options: UploadOptions = {}): Promise<Attachment> {
    const { name, type, maxBytes } = checked(file, options);
    const params = {
      ...options.params,
      table_name: tableName(target.table),
      table_sys_id: sysIdOf(target.record),
      file_name: name,
      encryption_context: options.encryptionContext,
      creation_time: options.creationTime && utc(options.creationTime),
    };
    return this.#send(`${BASE}/file`, type, file.content, maxBytes, { ...options, params }, name);
  }

  /** The same as form data, for instances that take nothing else. */
  async uploadMultipart(
    target: AttachmentTarget,
    file: UploadFile,
    options: UploadOptions = {},
  ): Promise<Attachment> {
    const { name, type, maxBytes } = checked(file, options);
    const form = multipart(
      { table_name: tableName(target.table), table_sys_id: sysIdOf(target.record) },
      { field: "uploadFile", name, type, content: toRequestBody(file.content, maxBytes) },
    );
    return this.#send(`${BASE}/upload`, form.contentType, form.content, Infinity, options, name);
  }

  /**
   * Uploads what an address gives, without keeping it in memory. The address is read with plain `fetch` (or the function handed
   * in) and never sees the account of the instance.
   */
  async uploadFromUrl(
    target: AttachmentTarget,
    url: string,
    options: UploadOptions & {
      name?: string;
      contentType?: string;
      fetch?: (url: string, init: RequestInit) => Promise<Response>;
    } = {},
  ): Promise<Attachment> {
    let address: URL;
    try {
      address = new URL(url);
    } catch {
      throw usageError("The address of the file is not a URL", "Give an address that begins with https://");
    }
    if (!/^https?:$/.test(address.protocol)) {
      throw usageError(
        `The address of the file begins with ${address.protocol}, which is not read from the web`,
      );
    }
    const place = `${address.host}${address.pathname}`;
    let response: Response;
    try {
      response = await (options.fetch ?? globalThis.fetch)(
        url,
        options.signal ? { signal: options.signal } : {},
      );
    } catch {
      throw new ServiceNowError({
        kind: "network",
        what: `Could not read the file at ${place}: no connection`,
        remedy: "Check the address",
        retryable: true,
      });
    }
    const size = Number(response.headers.get("content-length") ?? Number.NaN);
    const maxBytes = options.maxBytes ?? MAX_BYTES;
    if (!response.ok || !response.body || size > maxBytes) {
      await response.body?.cancel();
      if (size > maxBytes) throw tooLarge(size, maxBytes);
      throw new ServiceNowError({
        kind: "bad-request",
        what: `Could not read the file at ${place}: the answer was ${response.status}`,
        remedy: "Open the address in a browser and check that it gives the file without a sign-in",
        status: response.status,
      });
    }
    const name = options.name ?? (decodeURIComponent(address.pathname.split("/").pop() ?? "") || "file");
    const type = options.contentType ?? response.headers.get("content-type")?.split(";")[0]?.trim();
    return this.upload(
      target,
      { name, content: response.body, ...(type ? { contentType: type } : {}) },
      options,
    );
  }

  /** A file in memory. For large files take {@link stream}. */
  async download(attachment: Reference, options: DownloadOptions = {}): Promise<DownloadedFile<Uint8Array>> {
    const file = await this.stream(attachment, options);
    return { ...file, body: await collect(file.body, file.size) };
  }

  /**
   * A file as a stream. Ends in an error of kind `cut-off` when fewer bytes came than the instance announced.
   * @throws `not-found`; `usage` when it is larger than `maxBytes`
   */
  async stream(
    attachment: Reference,
    options: DownloadOptions = {},
  ): Promise<DownloadedFile<ReadableStream<Uint8Array>>> {
    const id = sysIdOf(attachment);
    return this.#file(path(BASE, id, "file"), `download attachment ${id}`, options);
  }

  /** A file of a record by its name. Of several with one name the instance chooses. */
  async streamByName(
    record: Reference,
    name: string,
    options: DownloadOptions = {},
  ): Promise<DownloadedFile<ReadableStream<Uint8Array>>> {
    const file = checkFileName(name);
    return this.#file(path(BASE, sysIdOf(record), file, "file"), `download ${file}`, options);
  }

  /** A file at any address of the instance, with the same checks; used by APIs that hand out files of their own. */
  async streamFrom(
    address: string,
    doing: string,
    options: DownloadOptions = {},
  ): Promise<DownloadedFile<ReadableStream<Uint8Array>>> {
    return this.#file(address, doing, options);
  }

  /** Gives the file another name. */
  async rename(attachment: Reference, name: string, options: CallOptions = {}): Promise<void> {
    const id = sysIdOf(attachment);
    await this.client.request({
      ...common(options),
      method: "PATCH",
      path: path(BASE, id),
      body: { file_name: checkFileName(name) },
      doing: `rename attachment ${id}`,
    });
  }

  /** @throws `not-found` when it is not there */
  async delete(attachment: Reference, options: CallOptions = {}): Promise<void> {
    const id = sysIdOf(attachment);
    let repeated = false;
    try {
      await this.client.request({
        ...common(options),
        method: "DELETE",
        path: path(BASE, id),
        doing: `delete attachment ${id}`,
        onRetry: () => {
          repeated = true;
        },
      });
    } catch (error) {
      if (repeated && isServiceNowError(error) && error.kind === "not-found") return;
      throw error;
    }
  }

  /** Copies a file to another record, as a stream from the instance to the instance. */
  async copy(
    attachment: Reference,
    target: AttachmentTarget,
    options: UploadOptions = {},
  ): Promise<Attachment> {
    const file = await this.stream(attachment, common(options));
    return this.upload(
      target,
      { name: file.name, content: file.body, contentType: file.contentType },
      options,
    );
  }

  /** Attributes of one's own kept with a file. */
  async attributes(attachment: Reference, options: CallOptions = {}): Promise<Record<string, unknown>> {
    const id = sysIdOf(attachment);
    const call = {
      ...common(options),
      path: path(BASE, id, "attributes"),
      doing: `read attributes of ${id}`,
    };
    return resultOf(this.client, call);
  }

  async #send(
    address: string,
    contentType: string,
    content: FileContent,
    maxBytes: number,
    options: CallOptions,
    name: string,
  ): Promise<Attachment> {
    let exceeded: unknown;
    const raw = toRequestBody(content, maxBytes, (error) => (exceeded = error));
    try {
      return await resultOf<Attachment>(this.client, {
        ...common(options),
        timeoutMs: options.timeoutMs ?? FILE_TIMEOUT_MS,
        method: "POST",
        path: address,
        headers: { "content-type": contentType },
        raw,
        doing: `upload ${name}`,
      });
    } catch (error) {
      throw exceeded ?? error;
    }
  }

  async #file(
    address: string,
    doing: string,
    options: DownloadOptions,
  ): Promise<DownloadedFile<ReadableStream<Uint8Array>>> {
    const answer = await this.client.request<ReadableStream<Uint8Array> | string | Uint8Array>({
      ...common(options),
      timeoutMs: options.timeoutMs ?? FILE_TIMEOUT_MS,
      path: address,
      headers: { accept: "*/*" },
      responseType: "stream",
      doing,
    });
    const attachment = metadataOf(answer.headers["x-attachment-metadata"]);
    const length = Number(answer.headers["content-length"] ?? Number.NaN);
    const plain = !answer.headers["content-encoding"] && !Number.isNaN(length) ? length : undefined;
    const size = attachment?.size_bytes ? Number(attachment.size_bytes) : plain;
    const body = asStream(answer.data);
    if (size !== undefined && options.maxBytes !== undefined && size > options.maxBytes) {
      await body.cancel();
      throw tooLarge(size, options.maxBytes);
    }
    const type = answer.headers["content-type"]?.split(";")[0]?.trim();
    return {
      body: wholeStream(body, size, options.maxBytes ?? Infinity, doing),
      name: attachment?.file_name ?? nameIn(answer.headers["content-disposition"]) ?? "attachment",
      contentType: attachment?.content_type || type || "application/octet-stream",
      size,
      attachment,
    };
  }
}

function checked(file: UploadFile, options: UploadOptions): { name: string; type: string; maxBytes: number } {
  const name = checkFileName(file.name);
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  const size = sizeOf(file.content);
  if (size !== undefined && size > maxBytes) throw tooLarge(size, maxBytes);
  const type = file.contentType?.trim() || contentTypeOf(name);
  if (!/^[\w.+-]+\/[\w.+-]+(\s*;.*)?$/.test(type)) throw usageError(`"${type}" is not a content type`);
  return { name, type, maxBytes };
}

function metadataOf(header: string | undefined): Attachment | undefined {
  if (!header) return undefined;
  try {
    return JSON.parse(header) as Attachment;
  } catch {
    return undefined;
  }
}

function nameIn(disposition: string | undefined): string | undefined {
  const match = /filename\*?=(?:UTF-8'')?"?([^";]+)"?/i.exec(disposition ?? "");
  return match?.[1]?.split(/[/\\]/).pop();
}

function asStream(data: ReadableStream<Uint8Array> | string | Uint8Array): ReadableStream<Uint8Array> {
  if (data instanceof ReadableStream) return data;
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return new ReadableStream({
    start(controller) {
      if (bytes.length) controller.enqueue(bytes);
      controller.close();
    },
  });
}

async function collect(stream: ReadableStream<Uint8Array>, size: number | undefined): Promise<Uint8Array> {
  const reader = stream.getReader();
  let bytes = new Uint8Array(size ?? 65_536);
  let used = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return used === bytes.length ? bytes : bytes.slice(0, used);
    if (used + value.length > bytes.length) {
      const larger = new Uint8Array(Math.max(bytes.length * 2, used + value.length));
      larger.set(bytes.subarray(0, used));
      bytes = larger;
    }
    bytes.set(value, used);
    used += value.length;
  }
}

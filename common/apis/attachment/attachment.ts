import type { ServiceNow } from "../../client";
import type { CallOptions } from "../../http/requester";
import { usageError } from "../../errors";
import { tableName } from "../../http/url";
import { andEach, parseQuery, queryText, type QueryInput } from "../../query";
import { readByKeyset } from "../../table/paging";
import type { ListFacts, Page, Reference } from "../../table/types";
import { sysIdOf, utc } from "../../table/values";
import { checkFileName, contentTypeOf, sizeOf, tooLarge, toRequestBody, type FileContent } from "./content";
import { collect, openFile } from "./download";
import { multipart } from "./multipart";
import {
  FILE_TIMEOUT_MS,
  MAX_BYTES,
  type Attachment,
  type AttachmentTarget,
  type DownloadedFile,
  type DownloadOptions,
  type UploadFile,
  type UploadOptions,
} from "./types";
import { fileAt, type UrlUploadOptions } from "./url";
import { common, path, resultOf, send, sendDelete } from "../../http/api-call";
import { where, type Term } from "../../query/terms";

export type * from "./types";

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
    options: CallOptions & Partial<AttachmentTarget> & { query?: QueryInput; max?: number } = {},
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
      Partial<AttachmentTarget> & { query?: QueryInput; max?: number; pageSize?: number } = {},
  ): AsyncGenerator<Page<Attachment>, ListFacts> {
    const { table, record, query, max = Infinity, pageSize = 500 } = options;
    if (record !== undefined && table === undefined) {
      throw usageError("Attachments of a record are listed with the record's table", "Give table as well");
    }
    const terms: Term[] = [];
    if (table !== undefined) terms.push(["table_name", "=", tableName(table)]);
    if (record !== undefined) terms.push(["table_sys_id", "=", sysIdOf(record)]);
    const filter = andEach(parseQuery(queryText(query)), parseQuery(where(terms)));
    const steps = readByKeyset(
      async (ask) => {
        const answer = await send<{ result: Record<string, unknown>[] }>(this.client, {
          ...common(options),
          path: BASE,
          operation: "list attachments",
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
      operation: `read attachment ${id}`,
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
    options: UrlUploadOptions = {},
  ): Promise<Attachment> {
    return this.upload(target, await fileAt(url, options), options);
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
    return openFile(this.client, path(BASE, id, "file"), `download attachment ${id}`, options);
  }

  /** A file of a record by its name. Of several with one name the instance chooses. */
  async streamByName(
    record: Reference,
    name: string,
    options: DownloadOptions = {},
  ): Promise<DownloadedFile<ReadableStream<Uint8Array>>> {
    const file = checkFileName(name);
    return openFile(this.client, path(BASE, sysIdOf(record), file, "file"), `download ${file}`, options);
  }

  /** A file at any address of the instance, with the same checks; used by APIs that hand out files of their own. */
  async streamFrom(
    address: string,
    operation: string,
    options: DownloadOptions = {},
  ): Promise<DownloadedFile<ReadableStream<Uint8Array>>> {
    return openFile(this.client, address, operation, options);
  }

  /** Gives the file another name. */
  async rename(attachment: Reference, name: string, options: CallOptions = {}): Promise<void> {
    const id = sysIdOf(attachment);
    await this.client.request({
      ...common(options),
      method: "PATCH",
      path: path(BASE, id),
      body: { file_name: checkFileName(name) },
      operation: `rename attachment ${id}`,
    });
  }

  /** @throws `not-found` when it is not there */
  async delete(attachment: Reference, options: CallOptions = {}): Promise<void> {
    const id = sysIdOf(attachment);
    await sendDelete(this.client, {
      ...common(options),
      path: path(BASE, id),
      operation: `delete attachment ${id}`,
    });
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
      operation: `read attributes of ${id}`,
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
    let broken: unknown;
    const raw = toRequestBody(content, maxBytes, (error) => (broken = error));
    try {
      return await resultOf<Attachment>(this.client, {
        ...common(options),
        timeoutMs: options.timeoutMs ?? FILE_TIMEOUT_MS,
        method: "POST",
        path: address,
        headers: { "content-type": contentType },
        raw,
        operation: `upload ${name}`,
      });
    } catch (error) {
      throw broken ?? error;
    }
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

import type { CallOptions } from "../../http/requester";
import type { Reference } from "../../table/types";
import type { FileContent } from "./content";

/** What ServiceNow keeps beside a file. All texts are as it gives them; dates are UTC. */
export interface Attachment {
  /** sys_id of the file (`sys_attachment`), wanted by all that reads or changes it. */
  sys_id: string;
  /** Name with its ending, as it was uploaded. */
  file_name: string;
  /** `image/png`; what the uploader said, which the instance does not check. */
  content_type: string;
  /** Bytes, as text. */
  size_bytes: string;
  /** Table of the record it belongs to: its real class. */
  table_name: string;
  /** sys_id of that record. */
  table_sys_id: string;
  /** Address of the content; needs the same sign-in as every call. */
  download_link: string;
  /** `YYYY-MM-DD HH:MM:SS` in UTC. */
  sys_created_on: string;
  /** User name of who uploaded it. */
  sys_created_by: string;
  /** `YYYY-MM-DD HH:MM:SS` in UTC. */
  sys_updated_on: string;
  /** User name of who changed it last. */
  sys_updated_by: string;
  /** SHA-256 in hex, on newer releases. */
  hash?: string;
  /** `pending`, `available` or `not_available` (the virus scan refused it), on newer releases. */
  state?: string;
}

/** The record a file belongs to. */
export interface AttachmentTarget {
  /** Table name; a parent such as `task` is not taken for its subclasses. */
  table: string;
  /** The record, `{ value }` or its sys_id. */
  record: Reference;
}

/** A file to be uploaded. */
export interface UploadFile {
  /** Name with its ending; no path, no control characters, at most 255 characters. */
  name: string;
  /** What is in it. Give a function that makes a stream when the call may be repeated. */
  content: FileContent;
  /** @default by the name's ending */
  contentType?: string;
}

/** Limits and extras of an upload. One request has 10 minutes unless `timeoutMs` says otherwise. */
export interface UploadOptions extends CallOptions {
  /** Bytes at most, checked before and while sending. @default 1073741824, ServiceNow's own default */
  maxBytes?: number;
  /** sys_id of an encryption context. */
  encryptionContext?: string;
  /** Creation time to be kept with the file. */
  creationTime?: Date;
}

/** Limits of a download. The headers have 10 minutes to come unless `timeoutMs` says otherwise. */
export interface DownloadOptions extends CallOptions {
  /** Bytes at most; a larger file is refused before its content is read. @default none */
  maxBytes?: number;
}

/** A file as it comes down. */
export interface DownloadedFile<Body> {
  /** The content: a stream to be read once, or all bytes. */
  body: Body;
  /** The name the instance keeps, or `attachment` where it does not say. Never trust it as a path. */
  name: string;
  /** What the uploader said it is; `application/octet-stream` where nobody said. */
  contentType: string;
  /** Bytes, where the instance says it. */
  size: number | undefined;
  /** Everything the instance keeps beside the file, where it sent it along. */
  attachment: Attachment | undefined;
}

/** What an instance takes at most unless it is set otherwise. */
export const MAX_BYTES = 1024 * 1024 * 1024;
/** Files take longer than records. */
export const FILE_TIMEOUT_MS = 600_000;

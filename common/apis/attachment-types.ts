import type { CallOptions } from "../client";
import type { Reference } from "../table/types";
import type { FileContent } from "./attachment-content";

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

/** What an instance takes at most unless it is set otherwise. */
export const MAX_BYTES = 1024 * 1024 * 1024;
/** Files take longer than records. */
export const FILE_TIMEOUT_MS = 600_000;

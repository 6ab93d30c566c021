import { isServiceNowError, type ServiceNow } from "../../common";
import { attachments, type Attachment, type AttachmentTarget } from "../../common/apis/attachment/attachment";
import { uploadFile } from "../../common/apis/attachment/files";
import { readablePath, safeFileName } from "./files";
import { isBlank, optionalText, plainValue, wrongInput } from "./input";

interface ContentProps {
  file?: string | undefined;
  text?: string | undefined;
  base64?: string | undefined;
  fileName?: string | undefined;
  contentType?: string | undefined;
}

/** Where the content of an upload comes from. */
type Content = { options: { name?: string; contentType?: string } } & (
  | { from: "url"; url: string }
  | { from: "path"; path: string }
  | { from: "bytes"; bytes: Buffer; isText: boolean }
);

/** Bytes in Base64, which may be broken into lines or stand behind the head of a data URL. What decodes to something else is no Base64. */
function bytesOf(base64: string): Buffer {
  const text = base64
    .replace(/^data:[^,]*,/, "")
    .replace(/[ \t]*\r?\n[ \t]*/g, "")
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .replace(/={1,2}$/, "");
  const bytes = Buffer.from(text, "base64");
  if (bytes.length === 0 || bytes.toString("base64").replace(/=+$/, "") !== text)
    throw wrongInput("Base64 is not valid Base64.");
  return bytes;
}

/** Reads the props of an upload. Throws when there is no content, or two, or a file that cannot be read. */
export async function attachmentContent(props: ContentProps): Promise<Content> {
  const file = optionalText(props.file, "File");
  const base64 = optionalText(props.base64, "Base64");
  const fileName = optionalText(props.fileName, "File Name");
  const contentType = optionalText(props.contentType, "Content Type");
  const text = isBlank(plainValue(props.text)) ? undefined : String(plainValue(props.text));
  if ([file, text, base64].filter(Boolean).length !== 1)
    throw wrongInput("Give File or Text or Base64, and only one of them.");
  const options = {
    ...(fileName ? { name: safeFileName(fileName, "file") } : {}),
    ...(contentType ? { contentType } : {}),
  };
  if (!file) {
    if (!fileName) throw wrongInput("File Name is missing. Text and bytes need one, such as notes.txt.");
    const bytes = base64 ? bytesOf(base64) : Buffer.from(text ?? "", "utf8");
    return { from: "bytes", bytes, isText: !base64, options };
  }
  if (/^https?:\/\//i.test(file)) return { from: "url", url: file, options };
  return { from: "path", path: await readablePath(file, "File"), options };
}

/** Attaches the content to a record, as a stream where it is a file. */
export async function upload(
  client: ServiceNow,
  target: AttachmentTarget,
  content: Content,
): Promise<Attachment> {
  const { options } = content;
  if (content.from === "url") return attachments(client).uploadFromUrl(target, content.url, options);
  if (content.from === "path") return uploadFile(client, target, content.path, options);
  const { bytes, isText } = content;
  const { name = "", contentType = isText && !/\.\w+$/.test(name) ? "text/plain" : undefined } = options;
  return attachments(client).upload(target, {
    name,
    content: bytes,
    ...(contentType ? { contentType } : {}),
  });
}

const SUMMARY_FIELDS = [
  "sys_id",
  "file_name",
  "content_type",
  "size_bytes",
  "state",
  "table_name",
  "table_sys_id",
  "download_link",
  "sys_created_on",
  "sys_created_by",
];

/** What tells an attachment, of all that the instance keeps about it. */
export function attachmentFacts(attachment: Attachment): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attachment).filter(([name]) => SUMMARY_FIELDS.includes(name)));
}

/** The name of an attachment; undefined for an account that may read the file and not what is kept about it. */
export async function attachmentName(client: ServiceNow, id: string): Promise<string | undefined> {
  try {
    return (await attachments(client).get(id)).file_name;
  } catch (error) {
    if (isServiceNowError(error)) return undefined;
    throw error;
  }
}

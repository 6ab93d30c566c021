import { isServiceNowError, type ServiceNow } from "../../common";
import { attachments, type Attachment, type AttachmentTarget } from "../../common/apis/attachment";
import { uploadFile } from "../../common/apis/attachment-files";
import { readablePath, safeFileName } from "./files";
import { wrongInput } from "./input";

interface ContentProps {
  file?: string | undefined;
  text?: string | undefined;
  fileName?: string | undefined;
  contentType?: string | undefined;
}

/** Where the content of an upload comes from. */
type Content = { options: { name?: string; contentType?: string } } & (
  { from: "url"; url: string } | { from: "path"; path: string } | { from: "text"; text: string }
);

/** Reads the props of an upload. Throws when there is no content, or two. */
export function attachmentContent(props: ContentProps): Content {
  const { file, text } = props;
  if (Boolean(file) === (text !== undefined && text !== ""))
    throw wrongInput("Give File or Text, and only one of them.");
  const options = {
    ...(props.fileName ? { name: safeFileName(props.fileName, "file") } : {}),
    ...(props.contentType ? { contentType: props.contentType } : {}),
  };
  if (!file) {
    if (!props.fileName) throw wrongInput("File Name is missing. A text needs one, such as notes.txt.");
    return { from: "text", text: text ?? "", options };
  }
  if (/^https?:\/\//i.test(file)) return { from: "url", url: file, options };
  return { from: "path", path: readablePath(file, "File"), options };
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
  const { name = "notes.txt", contentType = "text/plain" } = options;
  return attachments(client).upload(target, { name, contentType, content: content.text });
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

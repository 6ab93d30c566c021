/** A description without its markup, its links and its closing "See the documentation". Names of columns stay whole. */
export function plainText(description: string | undefined): string {
  return (description ?? "")
    .replace(/\[See the documentation\]\([^)]*\)\.?/gi, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/https?:\/\/\S+/g, "")
    .replace(/[*`]+/g, "")
    .replace(/^#+\s*/gm, "")
    .replace(/(^|[\s(])_+(\S(?:[^_\n]*\S)?)_+(?=[\s).,;:!?]|$)/g, "$1$2")
    .replace(/\s+/g, " ")
    .trim();
}

import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { optionalText, plainValue, requiredText, textList, wrongInput } from "../common/input";
import { resolveRecord } from "../common/resolve";
import { given } from "../common/given-values";
import { report } from "../common/report";
import { correlationText, NOT_REPEATABLE } from "../common/write";
import { sendEmail } from "../../common/apis/email/email";
import { sendEmailWithKey } from "../../common/apis/email/send-with-key";

export default defineAction({
  key: "servicenow-send-email",
  name: "Send Email",
  description:
    'Has the instance send an e-mail, on a record if wanted, where it then stands among the activities. It goes to real people: check receivers and text first. It is queued and never sent twice by a repetition of the request. Example: `to` = `["beth.anglin@example.com"]`, `subject` = `Your request`, `text` = `It is done.`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=email-api.html)',
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  props: {
    servicenow,
    to: {
      type: "string[]",
      label: "To",
      description: "The receivers, such as `beth.anglin@example.com`; at most 100 with **Cc** and **Bcc**.",
      optional: true,
    },
    cc: {
      type: "string[]",
      label: "Cc",
      description: "Receivers of a copy.",
      optional: true,
    },
    bcc: {
      type: "string[]",
      label: "Bcc",
      description: "Receivers of a hidden copy.",
      optional: true,
    },
    subject: {
      type: "string",
      label: "Subject",
      description: "The subject, such as `Your request`.",
    },
    text: {
      type: "string",
      label: "Text",
      description: "The message as plain text.",
      optional: true,
    },
    html: {
      type: "string",
      label: "HTML",
      description: "The message as HTML, such as `<p>It is done.</p>`.",
      optional: true,
    },
    table: {
      propDefinition: [servicenow, "table"],
      optional: true,
      description:
        "The table of the record that the mail belongs to, such as `incident`. Goes with **Record**.",
    },
    record: { propDefinition: [servicenow, "record", ({ table }) => ({ table })], optional: true },
    correlationId: {
      propDefinition: [servicenow, "correlationId"],
      description:
        "A text of your own that is unique to this mail, such as the id of the event behind it. With it the step is safe to repeat for 30 days: a mail that was sent with this id is not sent again. The account has to be able to read `sys_email`, where the mail is looked for.",
    },
  },
  async run({ $ }) {
    const client = this.servicenow.client($);
    const subject = requiredText(this.subject, "Subject");
    const table = optionalText(this.table, "Table");
    const about = optionalText(this.record, "Record");
    if (Boolean(table) !== Boolean(about))
      throw wrongInput("Table and Record go together: give both or none.");
    const record = table && about ? await resolveRecord(client, table, about, "Record") : undefined;
    const email = {
      to: textList(this.to),
      cc: textList(this.cc),
      bcc: textList(this.bcc),
      subject,
      ...given({ text: plainValue(this.text), html: plainValue(this.html) }),
      ...(record ? { record: { table: record.table, record: record.sys_id } } : {}),
    };
    const correlationId = correlationText(this.correlationId);
    const { id, sent, repeatable } = correlationId
      ? await sendEmailWithKey(client, correlationId, email)
      : { ...(await sendEmail(client, email)), sent: true, repeatable: true };
    const done = sent ? `Queued the e-mail "${subject}"` : "Found the e-mail sent before";
    report($, done, repeatable ? [] : [NOT_REPEATABLE]);
    return { id };
  },
});

import addComment from "../../../actions/add-comment/add-comment";
import addWorkNote from "../../../actions/add-work-note/add-work-note";
import approveRequest from "../../../actions/approve-request/approve-request";
import assignIncident from "../../../actions/assign-incident/assign-incident";
import cancelRequest from "../../../actions/cancel-request/cancel-request";
import closeCase from "../../../actions/close-case/close-case";
import closeChange from "../../../actions/close-change/close-change";
import closeIncident from "../../../actions/close-incident/close-incident";
import completeTask from "../../../actions/complete-task/complete-task";
import createStandardChange from "../../../actions/create-standard-change/create-standard-change";
import deactivateUser from "../../../actions/deactivate-user/deactivate-user";
import moveChange from "../../../actions/move-change/move-change";
import publishArticle from "../../../actions/publish-article/publish-article";
import putOnHold from "../../../actions/put-incident-on-hold/put-incident-on-hold";
import rejectRequest from "../../../actions/reject-request/reject-request";
import reopenIncident from "../../../actions/reopen-incident/reopen-incident";
import resolveIncident from "../../../actions/resolve-incident/resolve-incident";
import retireArticle from "../../../actions/retire-article/retire-article";
import type { AnyComponent } from "../../../components";
import type { Row } from "../../helpers/action-suite";
import type { World } from "../../helpers/action-cases";
import { toRow } from "../../helpers/present";

/** An action made for one thing, and what it writes besides. */
export interface Verb {
  action: AnyComponent;
  table: string;
  /** A record of its own. */
  make: (world: World, table: string) => Promise<Row>;
  /** The prop that names the record. */
  names: string;
  props?: Row;
  /** What it does to the record. */
  does: Row;
  /** The same in the words of the props, where they take others than the record holds. */
  inWords?: Row;
  /** Columns of the record that may be changed along with it: by JSON object, and by input. */
  further?: readonly [json: string, input: string];
  /** Columns that it sets itself, each with another value and what sets it. */
  refuses: readonly (readonly [column: string, value: string, setBy: string])[];
}

const made =
  (values: Row): Verb["make"] =>
  (world, table) =>
    world.record(table, table === "sys_user" ? values : { short_description: "For a case", ...values });
const task = made({});
const resolved = made({ state: "6", close_code: "Solution provided", close_notes: "Done" });
const approval: Verb["make"] = async (world, table) => {
  const { sys_id: sysapproval } = await task(world, "change_request");
  const { sys_id: approver } = await world.person("admin");
  return world.record(table, { sysapproval, approver, state: "requested" });
};
/** A standard change, which nobody has to approve, on its way. */
const change =
  (...states: string[]): Verb["make"] =>
  async (world) => {
    const { result } = await world.run(createStandardChange, { template: "Reboot a Windows server" });
    const { number: changeRequest } = toRow(result);
    for (const state of states) await world.run(moveChange, { changeRequest, state });
    return toRow(result);
  };

/** Further columns of most tasks. */
export const TEXTS = ["short_description", "description"] as const;
const RESOLUTION = { closeCode: "Solution provided", closeNotes: "Reset" };

export const VERBS: Verb[] = [
  {
    action: resolveIncident,
    table: "incident",
    make: task,
    names: "incident",
    props: { ...RESOLUTION, comment: "It works again" },
    does: { state: "6", close_code: "Solution provided" },
    refuses: [
      ["state", "2", "Resolve Incident"],
      ["close_code", "User error", "Resolution Code"],
      ["close_notes", "Other", "Resolution Notes"],
      ["comments", "Other", "Comment"],
    ],
  },
  {
    action: closeIncident,
    table: "incident",
    make: task,
    names: "incident",
    props: RESOLUTION,
    does: { state: "7", close_notes: "Reset" },
    refuses: [
      ["state", "6", "Close Incident"],
      ["close_notes", "Other", "Resolution Notes"],
    ],
  },
  {
    action: reopenIncident,
    table: "incident",
    make: resolved,
    names: "incident",
    props: { reason: "Again" },
    does: { state: "2" },
    refuses: [
      ["state", "1", "Reopen Incident"],
      ["work_notes", "Other", "Reason"],
    ],
  },
  {
    action: putOnHold,
    table: "incident",
    make: task,
    names: "incident",
    props: { holdReason: "4", workNote: "Called them" },
    does: { state: "3", hold_reason: "4" },
    refuses: [
      ["state", "2", "Put Incident on Hold"],
      ["hold_reason", "5", "Hold Reason"],
      ["work_notes", "Other", "Work Note"],
    ],
  },
  {
    action: assignIncident,
    table: "incident",
    make: task,
    names: "incident",
    props: { assignedTo: "itil", workNote: "Yours" },
    does: { assigned_to: "681b365ec0a80164000fb0b05854a0cd" },
    inWords: { assigned_to: "itil" },
    refuses: [
      ["assigned_to", "admin", "Assigned To"],
      ["work_notes", "Other", "Work Note"],
    ],
  },
  {
    action: approveRequest,
    table: "sysapproval_approver",
    make: approval,
    names: "approval",
    props: { comment: "Fine" },
    does: { state: "approved" },
    further: ["approval_source", "order"],
    refuses: [
      ["state", "rejected", "Approve Request"],
      ["comments", "Other", "Comment"],
    ],
  },
  {
    action: rejectRequest,
    table: "sysapproval_approver",
    make: approval,
    names: "approval",
    props: { comment: "Too dear" },
    does: { state: "rejected" },
    further: ["approval_source", "order"],
    refuses: [["state", "approved", "Reject Request"]],
  },
  {
    action: moveChange,
    table: "change_request",
    make: change(),
    names: "changeRequest",
    props: { state: "Scheduled", workNote: "Booked" },
    does: { state: "-2" },
    inWords: { state: "Scheduled" },
    further: ["justification", "backout_plan"],
    refuses: [
      ["state", "Canceled", "State"],
      ["work_notes", "Other", "Work Note"],
    ],
  },
  {
    action: closeChange,
    table: "change_request",
    make: change("Scheduled", "Implement", "Review"),
    names: "changeRequest",
    props: { closeCode: "successful", closeNotes: "Done" },
    does: { state: "3", close_code: "successful" },
    further: ["justification", "backout_plan"],
    refuses: [
      ["state", "4", "Close Change"],
      ["close_notes", "Other", "Close Notes"],
    ],
  },
  {
    action: closeCase,
    table: "sn_customerservice_case",
    make: task,
    names: "case",
    props: { closeNotes: "Invoice corrected", resolutionCode: "1" },
    does: { state: "3" },
    refuses: [
      ["state", "1", "Close Case"],
      ["resolution_code", "2", "Resolution Code"],
    ],
  },
  {
    action: completeTask,
    table: "sc_task",
    make: task,
    names: "task",
    props: { workNote: "Done" },
    does: { state: "3" },
    refuses: [
      ["state", "4", "Result"],
      ["work_notes", "Other", "Work Note"],
    ],
  },
  {
    action: addComment,
    table: "incident",
    make: task,
    names: "task",
    props: { comment: "On it" },
    does: {},
    refuses: [["comments", "Other", "Comment"]],
  },
  {
    action: addWorkNote,
    table: "sc_task",
    make: task,
    names: "task",
    props: { workNote: "On it" },
    does: {},
    refuses: [["work_notes", "Other", "Work Note"]],
  },
  {
    action: publishArticle,
    table: "kb_knowledge",
    make: made({ workflow_state: "draft" }),
    names: "article",
    does: { workflow_state: "published" },
    further: ["short_description", "category"],
    refuses: [["workflow_state", "draft", "Publish Article"]],
  },
  {
    action: retireArticle,
    table: "kb_knowledge",
    make: made({ workflow_state: "published" }),
    names: "article",
    does: { workflow_state: "retired" },
    further: ["short_description", "category"],
    refuses: [["workflow_state", "published", "Retire Article"]],
  },
  {
    action: deactivateUser,
    table: "sys_user",
    make: made({ user_name: "leaver" }),
    names: "user",
    does: { active: "false" },
    further: ["title", "city"],
    refuses: [["active", "true", "Deactivate User"]],
  },
  {
    action: cancelRequest,
    table: "sc_request",
    make: task,
    names: "request",
    props: { reason: "Ordered twice" },
    does: { request_state: "closed_cancelled", state: "4" },
    refuses: [
      ["request_state", "requested", "Cancel Request"],
      ["state", "1", "Cancel Request"],
      ["comments", "Other", "Reason"],
    ],
  },
];

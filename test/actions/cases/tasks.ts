import addComment from "../../../actions/add-comment/add-comment";
import addWorkNote from "../../../actions/add-work-note/add-work-note";
import approveRequest from "../../../actions/approve-request/approve-request";
import assignIncident from "../../../actions/assign-incident/assign-incident";
import closeIncident from "../../../actions/close-incident/close-incident";
import completeTask from "../../../actions/complete-task/complete-task";
import createIncident from "../../../actions/create-incident/create-incident";
import getIncident from "../../../actions/get-incident/get-incident";
import listApprovals from "../../../actions/list-approvals/list-approvals";
import listMyIncidents from "../../../actions/list-my-incidents/list-my-incidents";
import listMyTasks from "../../../actions/list-my-tasks/list-my-tasks";
import listNotes from "../../../actions/list-notes/list-notes";
import listTaskSlas from "../../../actions/list-task-slas/list-task-slas";
import putIncidentOnHold from "../../../actions/put-incident-on-hold/put-incident-on-hold";
import rejectRequest from "../../../actions/reject-request/reject-request";
import reopenIncident from "../../../actions/reopen-incident/reopen-incident";
import resolveIncident from "../../../actions/resolve-incident/resolve-incident";
import updateIncident from "../../../actions/update-incident/update-incident";
import updateTask from "../../../actions/update-task/update-task";
import { SIGN_IN_OVER, type ActionCase, type Values, type World } from "../../helpers/action-cases";

const unknown = [{ incident: "INC9999999" }, /no record with the number "INC9999999"/] as const;
const noTask = [{ task: "TASK9999999" }, /no record with the number "TASK9999999"/] as const;
/** The props of an action on a new incident. */
const on =
  (values: object, made: object = {}): Values =>
  async (world) => ({ incident: (await world.incident(made as never)).number, ...values });
const task =
  (values: object): Values =>
  async (world) => ({ task: (await world.incident()).number, ...values });
const RESOLVED = { state: "6", close_code: "Solution provided", close_notes: "Done" };

/** An approval that waits for the administrator. */
async function approval(world: World, state = "requested"): Promise<string> {
  const change = await world.record("change_request", { short_description: "Approve me" });
  const { sys_id: approver } = await world.person("admin");
  const row = await world.record("sysapproval_approver", { sysapproval: change.sys_id, approver, state });
  return String(row.sys_id);
}

export const cases: ActionCase[] = [
  {
    action: createIncident,
    works: { shortDescription: "Cannot log in", callerId: "employee", urgency: "1", comment: "Help" },
    says: /^Created incident INC\d+$/,
    fails: [
      [{ shortDescription: " " }, /Short Description is missing\. Example: Cannot log in/],
      [{ shortDescription: "x", callerId: "nobody.here" }, /Caller: no user has "nobody.here"/],
      [{ shortDescription: "x", assignmentGroup: "No Group" }, /Assignment Group: no group has "No Group"/],
      [{ shortDescription: "x", otherFields: "[1]" }, /Other Fields must be a JSON object/],
    ],
  },
  {
    action: updateIncident,
    works: on({ urgency: "1", workNote: "Raised" }),
    says: /^Updated incident INC\d+$/,
    fails: [
      [on({}), /nothing to change/],
      unknown,
      [on({ assignedTo: "nobody.here" }), /Assigned To: no user has "nobody.here"/],
    ],
  },
  {
    action: resolveIncident,
    works: on({ closeCode: "Solution provided", closeNotes: "Reset", comment: "It works again" }),
    says: /^Resolved incident INC\d+$/,
    fails: [
      [on({ closeCode: "Solution provided" }), /Resolution Notes is missing/],
      [
        on({ closeCode: "Solution provided", closeNotes: "x", otherFields: { state: "2" } }),
        /Other Fields: `state` is what Resolve Incident sets.*"Update Incident"/,
      ],
      [on({ closeNotes: "Reset" }), /Resolution Code is missing\. Example: Solution provided/],
      [{ ...unknown[0], closeCode: "Solution provided", closeNotes: "x" }, unknown[1]],
    ],
  },
  {
    action: closeIncident,
    works: on({ closeCode: "Solution provided", closeNotes: "Reset" }),
    says: /^Closed incident INC\d+$/,
    fails: [[on({}), /Resolution code|Close notes|mandatory/i], unknown],
  },
  {
    action: reopenIncident,
    works: on({ reason: "Again" }, RESOLVED),
    says: /^Reopened incident INC\d+$/,
    fails: [
      [on({ reason: "Again" }), /nothing to reopen/],
      [on({ reason: "" }, RESOLVED), /Reason is missing/],
      [{ ...unknown[0], reason: "x" }, unknown[1]],
    ],
  },
  {
    action: assignIncident,
    works: on({ assignedTo: "itil", assignmentGroup: "Network", workNote: "Yours" }),
    says: /^Assigned incident INC\d+$/,
    fails: [
      [on({}), /Give Assigned To, Assignment Group or both/],
      [on({ assignedTo: "nobody.here" }), /Assigned To: no user has "nobody.here"/],
      [{ ...unknown[0], assignedTo: "itil" }, unknown[1]],
    ],
  },
  {
    action: putIncidentOnHold,
    works: on({ holdReason: "1", comment: "Please send a screenshot" }),
    says: /^Put incident INC\d+ on hold$/,
    fails: [
      [on({ holdReason: "1" }), /Comment: tell the caller what is expected/],
      [on({ holdReason: "" }), /Hold Reason is missing/],
      [{ ...unknown[0], holdReason: "5" }, unknown[1]],
    ],
  },
  {
    action: getIncident,
    works: async (world) => ({ incidentNumber: (await world.incident()).number }),
    says: /^Retrieved incident INC\d+$/,
    fails: [
      [{ incidentNumber: "" }, /Incident Number is missing/],
      [{ incidentNumber: "INC1^active=true" }, /\^/],
      [{ incidentNumber: "INC0000001", callerId: "nobody.here" }, /no user has "nobody.here"/],
    ],
  },
  {
    action: listMyIncidents,
    works: { role: "caller", includeClosed: true },
    says: /^Retrieved \d+ incidents? from those of System Administrator/,
    fails: [
      [{ role: "owner" }, /Role must be "assigned" or "caller"/],
      [{ resultFormat: "labels" }, /Result Format must be/],
    ],
  },
  {
    action: listMyTasks,
    works: { includeGroups: true },
    says: /^Retrieved \d+ tasks? from those of System Administrator/,
    fails: [[{ resultFormat: "labels" }, /Result Format must be/], SIGN_IN_OVER],
  },
  {
    action: addComment,
    works: task({ comment: "We are on it" }),
    says: /^Added a comment to INC\d+$/,
    fails: [
      [task({ comment: " " }), /Comment is missing/],
      [{ ...noTask[0], comment: "x" }, noTask[1]],
    ],
  },
  {
    action: addWorkNote,
    works: task({ workNote: "Looked at the logs" }),
    says: /^Added a work note to INC\d+$/,
    fails: [
      [task({ workNote: "" }), /Work Note is missing/],
      [{ ...noTask[0], workNote: "x" }, noTask[1]],
    ],
  },
  {
    action: listNotes,
    works: async (world) => {
      const { number } = await world.incident({ work_notes: "One" });
      return { task: number, kind: "work_notes" };
    },
    says: /^Retrieved 1 note from INC\d+$/,
    fails: [noTask, [task({ kind: "all" }), /Kind must be "comments" or "work_notes"/]],
  },
  {
    action: updateTask,
    works: async (world) => ({
      task: (await world.record("sc_task", { short_description: "Hand over" })).number,
      shortDescription: "Hand over the laptop",
      workNote: "Started",
    }),
    says: /^Updated task SCTASK\d+$/,
    fails: [
      [task({}), /nothing to change/],
      [{ ...noTask[0], state: "2" }, noTask[1]],
      [task({ assignedTo: "nobody.here" }), /no user has "nobody.here"/],
    ],
  },
  {
    action: completeTask,
    works: async (world) => ({
      task: (await world.record("sc_task", { short_description: "Hand over" })).number,
      workNote: "Done",
    }),
    says: /^Closed task SCTASK\d+ as complete$/,
    fails: [
      [task({}), /no simple task but a record of incident/],
      [task({ result: "partly" }), /Result must be "complete"/],
      noTask,
    ],
  },
  {
    action: listTaskSlas,
    works: async (world) => {
      const incident = await world.incident();
      await world.record("task_sla", { task: incident.sys_id, stage: "in_progress" });
      return { task: incident.number };
    },
    says: /^Retrieved \d+ SLAs? from INC\d+$/,
    fails: [noTask, [task({ resultFormat: "labels" }), /Result Format must be/]],
  },
  {
    action: listApprovals,
    works: async (world) => {
      await approval(world);
      return {};
    },
    says: /^Retrieved \d+ approvals?$/,
    fails: [
      [{ approver: "nobody.here" }, /Approver: no user has "nobody.here"/],
      [{ record: "CHG9999999" }, /no record with the number "CHG9999999"/],
    ],
  },
  {
    action: approveRequest,
    works: async (world) => ({ approval: await approval(world), comment: "Fine" }),
    says: /^Approved CHG\d+$/,
    fails: [
      [async (world) => ({ approval: await approval(world, "rejected") }), /is rejected and does not wait/],
      [
        async (world) => ({ approval: (await world.incident()).number }),
        /no approval that waits for.*List Approvals/,
      ],
      [
        async (world) => ({ approval: await approval(world), comment: "Fine", field_comments: "Not fine" }),
        /Fields: `comments` is what Comment sets\. Leave it out here/,
      ],
      [{ approval: "" }, /Approval is missing/],
    ],
  },
  {
    action: rejectRequest,
    works: async (world) => ({ approval: await approval(world), comment: "Budget is missing" }),
    says: /^Rejected CHG\d+$/,
    fails: [
      [async (world) => ({ approval: await approval(world) }), /Comment is missing/],
      [
        async (world) => ({ approval: await approval(world, "approved"), comment: "x" }),
        /is approved and does not wait/,
      ],
    ],
  },
];

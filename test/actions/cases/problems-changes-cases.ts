import addChangeTask from "../../../actions/add-change-task/add-change-task";
import checkChangeConflicts from "../../../actions/check-change-conflicts/check-change-conflicts";
import closeCase from "../../../actions/close-case/close-case";
import closeChange from "../../../actions/close-change/close-change";
import createCase from "../../../actions/create-case/create-case";
import createEmergencyChange from "../../../actions/create-emergency-change/create-emergency-change";
import createNormalChange from "../../../actions/create-normal-change/create-normal-change";
import createProblem from "../../../actions/create-problem/create-problem";
import createProblemTask from "../../../actions/create-problem-task/create-problem-task";
import createStandardChange from "../../../actions/create-standard-change/create-standard-change";
import listCaseActivities from "../../../actions/list-case-activities/list-case-activities";
import moveChange from "../../../actions/move-change/move-change";
import updateCase from "../../../actions/update-case/update-case";
import updateProblem from "../../../actions/update-problem/update-problem";
import type { ActionCase, Values, World } from "../../helpers/action-cases";

const problem =
  (values: object): Values =>
  async (world) => ({
    problem: (await world.record("problem", { short_description: "Mail drops" })).number,
    ...values,
  });
const noProblem = /table problem has no record with the number "PRB9999999"/;
const customerCase =
  (values: object): Values =>
  async (world) => ({
    case: (await world.record("sn_customerservice_case", { short_description: "Invoice" })).number,
    ...values,
  });
const noCase = /no record with the number "CS9999999"/;

async function emergency(world: World): Promise<unknown> {
  const { result } = await world.run(createEmergencyChange, {
    shortDescription: "Replace it",
    assignmentGroup: "Network",
  });
  return (result as { number: string }).number;
}
const change =
  (values: object): Values =>
  async (world) => ({ changeRequest: await emergency(world), ...values });
const noChange = /table change_request has no record with the number "CHG9999999"/;

export const cases: ActionCase[] = [
  {
    action: createProblem,
    works: { shortDescription: "Mail server drops connections", assignedTo: "itil" },
    says: /^Created problem PRB\d+$/,
    fails: [
      [{ shortDescription: "" }, /Short Description is missing/],
      [
        { shortDescription: "x", configurationItem: "no-such-ci" },
        /Configuration Item: no configuration item/,
      ],
      [{ shortDescription: "x", correlationId: "a^b" }, /\^/],
    ],
  },
  {
    action: updateProblem,
    works: problem({ description: "Since Monday" }),
    says: /^Updated problem PRB\d+$/,
    fails: [
      [problem({}), /nothing to change/],
      [problem({ state: "999" }), /state is still "New".*state model/],
      [{ problem: "PRB9999999", description: "x" }, noProblem],
    ],
  },
  {
    action: createProblemTask,
    works: problem({ shortDescription: "Collect the logs", assignmentGroup: "Network" }),
    says: /^Created problem task PTASK\d+ of PRB\d+$/,
    fails: [
      [{ problem: "PRB9999999", shortDescription: "x" }, noProblem],
      [problem({ shortDescription: "" }), /Short Description is missing/],
    ],
  },
  {
    action: createCase,
    works: { shortDescription: "Invoice is wrong", otherFields: { priority: "2" } },
    says: /^Created case CS\d+$/,
    fails: [
      [{ shortDescription: "" }, /Short Description is missing/],
      [{ shortDescription: "x", account: "No Account" }, /Account: no account has "No Account"/],
      [{ shortDescription: "x", otherFields: "{" }, /Other Fields is not valid JSON/],
    ],
  },
  {
    action: updateCase,
    works: customerCase({ comment: "We are on it" }),
    says: /^Updated case CS\d+$/,
    fails: [
      [customerCase({}), /nothing to change/],
      [{ case: "CS9999999", comment: "x" }, noCase],
    ],
  },
  {
    action: listCaseActivities,
    works: customerCase({}),
    says: /^Retrieved \d+ entr(y|ies|ys) from CS\d+$/,
    fails: [
      [{ case: "CS9999999" }, noCase],
      [{ case: "" }, /Case is missing/],
    ],
  },
  {
    action: closeCase,
    works: customerCase({ closeNotes: "Invoice corrected", resolutionCode: "1" }),
    says: /^Closed case CS\d+$/,
    fails: [
      [customerCase({}), /Resolution Notes is missing/],
      [{ case: "CS9999999", closeNotes: "x" }, noCase],
    ],
  },
  {
    action: createNormalChange,
    works: {
      shortDescription: "Replace the load balancer",
      startDate: "2026-07-30 14:00:00",
      endDate: "2026-07-30T16:00:00Z",
    },
    says: /^Created normal change CHG\d+$/,
    fails: [
      [{ shortDescription: "x", startDate: "tomorrow" }, /Planned Start must be a date/],
      [{ shortDescription: " " }, /Short Description is missing/],
      [{ shortDescription: "x", assignmentGroup: "No Group" }, /no group has "No Group"/],
    ],
  },
  {
    action: createEmergencyChange,
    works: { shortDescription: "Now", correlationId: "case-emergency" },
    says: /^Created emergency change CHG\d+$/,
    fails: [
      [{ shortDescription: "" }, /Short Description is missing/],
      [{ shortDescription: "x", endDate: "2026-13-01" }, /Planned End is not a date that exists/],
    ],
  },
  {
    action: createStandardChange,
    works: { template: "Reboot a Windows server" },
    says: /^Created standard change CHG\d+$/,
    fails: [
      [{ template: "No such" }, /no template is called "No such"\. There are: .*Reboot a Windows server/],
      [{ template: "" }, /Template is missing/],
    ],
  },
  {
    action: addChangeTask,
    works: change({
      shortDescription: "Inform the users",
      taskType: "planning",
      correlationId: "case-ctask",
    }),
    says: /^Added task CTASK\d+ to change CHG\d+$/,
    fails: [
      [change({ shortDescription: "" }), /Short Description is missing/],
      [{ changeRequest: "CHG9999999", shortDescription: "x" }, noChange],
    ],
  },
  {
    action: moveChange,
    works: change({ state: "Authorize" }),
    says: /^Moved change CHG\d+ to Authorize$/,
    fails: [
      [change({ state: "Closed" }), /Authorize|Canceled/],
      [change({ state: "" }), /State is missing/],
      [{ changeRequest: "CHG9999999", state: "Assess" }, noChange],
    ],
  },
  {
    action: closeChange,
    works: async (world) => {
      const { result } = await world.run(createStandardChange, { template: "Reboot a Windows server" });
      const changeRequest = (result as { number: string }).number;
      for (const state of ["Scheduled", "Implement", "Review"])
        await world.run(moveChange, { changeRequest, state });
      return { changeRequest, closeCode: "successful", closeNotes: "Done as planned" };
    },
    says: /^Closed change CHG\d+$/,
    fails: [
      [change({ closeCode: "successful", closeNotes: "Done" }), /Authorize|Canceled/],
      [change({ closeCode: "successful", closeNotes: "" }), /Close Notes is missing/],
      [
        change({ closeCode: "successful", closeNotes: "x", otherFields: '{"close_notes": "y"}' }),
        /Other Fields: `close_notes` is what Close Notes sets/,
      ],
      [change({ closeCode: "", closeNotes: "x" }), /Close Code is missing/],
    ],
  },
  {
    action: checkChangeConflicts,
    works: async (world) => {
      const { result } = await world.run(createNormalChange, {
        shortDescription: "With an item",
        configurationItem: "linux-server-000",
        startDate: "2026-07-30 14:00:00",
        endDate: "2026-07-30 16:00:00",
      });
      return { changeRequest: (result as { number: string }).number, startCheck: true };
    },
    says: /^Started a check and read the conflicts of change CHG\d+$/,
    fails: [
      [{ changeRequest: "CHG9999999" }, noChange],
      [{ changeRequest: "" }, /Change Request is missing/],
    ],
  },
];

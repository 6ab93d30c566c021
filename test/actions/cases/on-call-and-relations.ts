import calculateChangeRisk from "../../../actions/calculate-change-risk/calculate-change-risk";
import createEmergencyChange from "../../../actions/create-emergency-change/create-emergency-change";
import createPlannedOutage from "../../../actions/create-planned-outage/create-planned-outage";
import getChangeStates from "../../../actions/get-change-states/get-change-states";
import getSessionTimeZone from "../../../actions/get-session-time-zone/get-session-time-zone";
import linkArticleToTask from "../../../actions/link-article-to-task/link-article-to-task";
import listAffectedCis from "../../../actions/list-affected-cis/list-affected-cis";
import getChangeRelations from "../../../actions/get-change-relations/get-change-relations";
import myNextShift from "../../../actions/my-next-shift/my-next-shift";
import whoIsOnCall from "../../../actions/who-is-on-call/who-is-on-call";
import {
  NOT_THERE,
  SIGN_IN_OVER,
  type ActionCase,
  type Values,
  type World,
} from "../../helpers/action-cases";

async function emergency(world: World) {
  const { result } = await world.run(createEmergencyChange, {
    shortDescription: "Replace the switch",
    assignmentGroup: "Network",
  });
  return result as { number: string; sys_id: string };
}
const change =
  (values: object = {}): Values =>
  async (world) => ({ changeRequest: (await emergency(world)).number, ...values });
const noChange = /table change_request has no record with the number "CHG9999999"/;
const outage = { begin: "2026-08-01 22:00:00", end: "2026-08-02 02:00:00" };

async function server(world: World): Promise<string> {
  const name = `case-server-${Date.now()}-${Math.random().toString(36).slice(2)}`;
  await world.record("cmdb_ci_linux_server", { name });
  return name;
}

const published = async (world: World) =>
  (await world.rows("kb_knowledge", "workflow_state=published^ORDERBYnumber"))[0] ?? {};

export const cases: ActionCase[] = [
  {
    action: whoIsOnCall,
    works: { group: "Network", at: "2024-01-08 09:00:00" },
    says: /^Beth Anglin is on call for Network at 2024-01-08 09:00:00 UTC, 3 (people|persons) in all$/,
    fails: [
      [{ group: "No Such Group" }, /Group: no group has "No Such Group"/],
      [{ group: "Network", at: "tomorrow" }, /At must be a date/],
      [{ group: "Network" }, /On-Call Scheduling|User Not Authorized/, "employee"],
    ],
    then: (_world, result) => {
      expect(result).toMatchObject([
        { order: 1, user_name: "beth.anglin", shift: { name: "Network Support" }, override: false },
        { order: 2, user_name: "david.loo" },
        { order: 3, user_name: "itil" },
      ]);
      return Promise.resolve();
    },
  },
  {
    action: myNextShift,
    works: { days: 7 },
    says: /^System Administrator has no shift in the next 7 days$/,
    fails: [[{ days: 0 }, /Days/], SIGN_IN_OVER, NOT_THERE],
  },
  {
    action: getChangeStates,
    works: change(),
    says: /^Change CHG\d+ is in New; next may be .*Authorize/,
    fails: [
      [{ changeRequest: "CHG9999999" }, noChange],
      [{ changeRequest: "" }, /Change Request is missing/],
    ],
  },
  {
    action: calculateChangeRisk,
    works: async (world) => {
      const { sys_id, number } = await emergency(world);
      await world.record("task_ci", { task: sys_id });
      return { changeRequest: number };
    },
    says: /^The risk of change CHG\d+ is (High|Moderate|Low)$/,
    fails: [
      [{ changeRequest: "CHG9999999" }, noChange],
      [{ changeRequest: "" }, /Change Request is missing/],
    ],
  },
  {
    action: createPlannedOutage,
    works: async (world) => ({
      task: (await emergency(world)).number,
      configurationItem: await server(world),
      shortDescription: "The switch is replaced",
      ...outage,
    }),
    says: /^Created planned outage OUT\d+ for CHG\d+$/,
    fails: [
      [
        { task: "CHG9999999", configurationItem: "x", ...outage },
        /has no record with the number "CHG9999999"/,
      ],
      [
        async (world) => ({
          task: (await emergency(world)).number,
          configurationItem: "no-such-ci",
          ...outage,
        }),
        /Configuration Item: no configuration item/,
      ],
      [{ task: "CHG9999999", configurationItem: "", ...outage }, /Configuration Item is missing/],
      [{ task: "x", configurationItem: "x", begin: outage.end, end: outage.begin }, /End is not after Begin/],
      [{ task: "x", configurationItem: "x", begin: "at night", end: outage.end }, /Begin must be a date/],
    ],
    then: async (world, result) => {
      const { sys_id } = result as { sys_id: string };
      expect(await world.rows("cmdb_ci_outage", `sys_id=${sys_id}`)).toMatchObject([
        { type: "planned", begin: outage.begin, end: outage.end },
      ]);
    },
  },
  {
    action: linkArticleToTask,
    works: async (world) => ({
      task: (await world.incident()).number,
      article: (await published(world)).number,
    }),
    says: /^Attached article KB\d+ to INC\d+$/,
    fails: [
      [{ task: "INC9999999", article: "KB0010001" }, /has no record with the number "INC9999999"/],
      [
        async (world) => ({ task: (await world.incident()).number, article: "KB9999999" }),
        /table kb_knowledge has no record with the number "KB9999999"/,
      ],
    ],
    then: async (world, result) => {
      const { task, kb_knowledge } = result as { task: string; kb_knowledge: string };
      const again = await world.run(linkArticleToTask, { task, article: kb_knowledge });
      expect(again.summary).toMatch(/is attached to INC\d+ already$/);
      expect(await world.rows("m2m_kb_task", `task=${task}`)).toHaveLength(1);
    },
  },
  {
    action: listAffectedCis,
    works: async (world) => {
      const { sys_id, number } = await emergency(world);
      const { sys_id: item } = await world.record("cmdb_ci_linux_server", { name: await server(world) });
      await world.record("task_ci", { task: sys_id, ci_item: String(item) });
      return { task: number };
    },
    says: /^Retrieved 1 affected CI .*CHG\d+$/,
    fails: [
      [{ task: "CHG9999999" }, /has no record with the number "CHG9999999"/],
      [{ task: "" }, /Task is missing/],
    ],
  },
  {
    action: getChangeRelations,
    works: async (world) => {
      const { sys_id, number } = await emergency(world);
      await world.incident({ rfc: sys_id });
      await world.incident({ caused_by: sys_id });
      await world.incident({ caused_by: sys_id });
      await world.record("problem", { short_description: "Mail drops", rfc: sys_id });
      await world.record("cmdb_ci_outage", { task_number: sys_id, type: "planned" });
      return { changeRequest: number };
    },
    says: /^Change CHG\d+ is related to 1 incidents fixed, 2 incidents caused, 1 problems, 1 outages$/,
    fails: [
      [{ changeRequest: "CHG9999999" }, noChange],
      [{ changeRequest: "" }, /Change Request is missing/],
    ],
  },
  {
    action: getSessionTimeZone,
    works: {},
    says: /^System Administrator is in \S+, where it is \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
    fails: [SIGN_IN_OVER, NOT_THERE],
  },
];

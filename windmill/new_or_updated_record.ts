import * as wmill from "windmill-client";
import { readChanges } from "servicenow-components@0.1.0";
import { connect } from "./get_token.ts";

type Servicenow = {
  instance_url: string;
  client_id: string;
  client_secret: string;
  username: string;
  password: string;
  grant?: string;
  scope?: string;
};

/**
 * First step of a flow on a schedule: gives the records that are new or changed since the run before, oldest first. The first
 * run gives none and remembers the instance's present. The state moves with the list that is returned; records of a flow that
 * fails after this step are not given again, so let the steps behind it retry.
 */
export async function main(servicenow: Servicenow, table: string, query: string = "", max: number = 500) {
  let state: unknown;
  try {
    state = await wmill.getState();
  } catch {
    // No state yet.
  }
  const {
    changes,
    state: next,
    waiting,
  } = await readChanges(connect(servicenow), table, { query, state, max });
  if (waiting !== 0) console.log(`More records wait for the next run${waiting ? ` (${waiting})` : ""}.`);
  await wmill.setState(next);
  return changes.map(({ row, created }) => ({ ...row, _event: created ? "created" : "updated" }));
}

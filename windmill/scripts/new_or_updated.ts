import { changesSince, createClient, windmillConnection, windmillState } from "servicenow-components";
import * as windmill from "windmill-client";

type Servicenow = {
  instance_url: string;
  client_id?: string;
  client_secret?: string;
  username?: string;
  password?: string;
  grant?: "" | "password" | "client_credentials" | "basic";
  scope?: string;
};

/**
 * Records that are new or changed since the last run, each version once. The first run gives `first` records and remembers the present.
 * What does not fit into `max` comes with the next run.
 */
export async function main(
  servicenow: Servicenow,
  table: string,
  query: string = "",
  only_new: boolean = false,
  fields: string[] = [],
  first: number = 0,
  max: number = 1000,
) {
  const client = createClient(windmillConnection(servicenow, windmill));
  const { changes, state } = await changesSince(client, {
    table,
    query,
    column: only_new ? "sys_created_on" : "sys_updated_on",
    fields,
    first,
    max,
    state: await windmillState(windmill),
  });
  // Last of all: a run that fails before this line gives the same records again.
  await windmill.setState(state);
  return changes.map(({ row, id, created }) => ({ ...row, event_id: id, is_new: created }));
}

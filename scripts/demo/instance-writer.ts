/** A row version as the instance answered it when it was written. */
export interface Version {
  sys_id: string;
  sys_updated_on: string;
  sys_mod_count: string;
  number: string;
}

const versionFields = "sys_id,sys_updated_on,sys_mod_count,number";

/** Writes incidents over the Table API with basic auth, and keeps the log that everything is checked against. */
export class InstanceWriter {
  readonly log: Version[] = [];

  constructor(
    readonly url: string,
    readonly userName = "admin",
    readonly password = "admin",
  ) {}

  async create(values: Record<string, string>): Promise<Version> {
    return this.#logged("POST", "/api/now/table/incident", values);
  }

  async update(sysId: string, values: Record<string, string>): Promise<Version> {
    return this.#logged("PATCH", `/api/now/table/incident/${sysId}`, values);
  }

  /** Reads one record past every part that is being shown: undefined when it is gone. */
  async read(sysId: string): Promise<Record<string, string> | undefined> {
    const response = await this.#send(
      "GET",
      `/api/now/table/incident/${sysId}?sysparm_exclude_reference_link=true`,
    );
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`Reading ${sysId}: HTTP ${response.status}`);
    return ((await response.json()) as { result: Record<string, string> }).result;
  }

  async #logged(method: string, path: string, values: Record<string, string>): Promise<Version> {
    const response = await this.#send(method, `${path}?sysparm_fields=${versionFields}`, values);
    if (!response.ok)
      throw new Error(`${method} ${path}: HTTP ${response.status} ${(await response.text()).slice(0, 300)}`);
    const version = ((await response.json()) as { result: Version }).result;
    this.log.push(version);
    return version;
  }

  #send(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(this.url + path, {
      method,
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        authorization: `Basic ${Buffer.from(`${this.userName}:${this.password}`).toString("base64")}`,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }
}

/** Runs the jobs with at most `width` under way at once. */
export async function inParallel<T>(jobs: (() => Promise<T>)[], width: number): Promise<T[]> {
  const results: T[] = new Array<T>(jobs.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < jobs.length; at = next++) results[at] = await jobs[at]!();
  };
  await Promise.all(Array.from({ length: Math.min(width, jobs.length) }, lane));
  return results;
}

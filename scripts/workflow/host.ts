/** A workflow as the host's API tells it. */
export interface HostWorkflow {
  id: string;
  name: string;
  enabled: boolean;
  version: number;
}

export interface HostRun {
  id: string;
  status: "queued" | "running" | "waiting" | "succeeded" | "failed" | "cancelled";
  error?: { message: string; step?: string } | null;
  steps: { path: string; status: string; due_at?: string | null; error?: { message: string } | null }[];
}

/** What the host refused, in its words, with the places in a definition that are wrong. */
export class HostRefusal extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly problems: { path: string; reason: string }[],
  ) {
    super(message);
  }
}

/** The workflow routes of a host. */
export class WorkflowHost {
  constructor(
    readonly url: string,
    readonly token: string,
    readonly user: string,
  ) {}

  list(): Promise<HostWorkflow[]> {
    return this.#json<HostWorkflow[]>("GET", "/api/workflows");
  }

  yaml(id: string): Promise<string> {
    return this.#text("GET", `/api/workflows/${id}`, { accept: "application/yaml" });
  }

  /** Problems the host would have with a definition. */
  async problems(text: string): Promise<{ path: string; reason: string }[]> {
    const { problems } = await this.#json<{ problems: { path: string; reason: string }[] }>(
      "POST",
      "/api/workflows/validate",
      text,
      YAML,
    );
    return problems;
  }

  create(text: string): Promise<HostWorkflow> {
    return this.#json<HostWorkflow>("POST", "/api/workflows", text, YAML);
  }

  change(id: string, text: string): Promise<HostWorkflow> {
    return this.#json<HostWorkflow>("PUT", `/api/workflows/${id}`, text, YAML);
  }

  enable(id: string): Promise<HostWorkflow> {
    return this.#json<HostWorkflow>("POST", `/api/workflows/${id}/enable`);
  }

  start(id: string, event: unknown): Promise<HostRun> {
    return this.#json<HostRun>(
      "POST",
      `/api/workflows/${id}/runs`,
      JSON.stringify({ event }),
      "application/json",
    );
  }

  run(id: string): Promise<HostRun> {
    return this.#json<HostRun>("GET", `/api/runs/${id}`);
  }

  async #json<T>(method: string, path: string, body?: string, type?: string): Promise<T> {
    return JSON.parse(await this.#text(method, path, { accept: "application/json" }, body, type)) as T;
  }

  async #text(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
    type?: string,
  ): Promise<string> {
    const url = new URL(this.url + path);
    url.searchParams.set("external_user_id", this.user);
    const response = await fetch(url, {
      method,
      headers: {
        ...headers,
        authorization: `Bearer ${this.token}`,
        ...(type === undefined ? {} : { "content-type": type }),
      },
      ...(body === undefined ? {} : { body }),
    }).catch((error: unknown) => {
      const cause =
        error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new HostRefusal(`The host at ${this.url} cannot be reached: ${cause}`, 0, []);
    });
    const text = await response.text();
    if (response.ok) return text;
    const answer = parsed(text);
    throw new HostRefusal(answer.error ?? `HTTP ${response.status}`, response.status, answer.problems ?? []);
  }
}

const YAML = "application/yaml";

function parsed(text: string): { error?: string; problems?: { path: string; reason: string }[] } {
  try {
    return JSON.parse(text) as { error?: string };
  } catch {
    return { error: text.slice(0, 500) };
  }
}

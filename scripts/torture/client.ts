/** A bare client for the writer and the baseline cursors: nothing of the product's own client takes part in the truth. */
export class Client {
  private constructor(
    readonly url: string,
    private readonly user: string,
    private token: string,
  ) {}

  static async signIn(url: string, user: string): Promise<Client> {
    return new Client(url, user, await signIn(url, user));
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; headers: Headers; data: unknown }> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 401) {
      // The simulated clock runs past the life of a token.
      this.token = await signIn(this.url, this.user);
      return this.send(method, path, body);
    }
    return {
      status: response.status,
      headers: response.headers,
      data: text === "" ? undefined : JSON.parse(text),
    };
  }

  /** Many writes in one request, in order. Returns the parsed bodies; an entry is undefined where the write failed. */
  async batch(
    requests: { method: string; path: string; body?: unknown }[],
  ): Promise<(Record<string, string> | undefined)[]> {
    const headers = [
      { name: "Accept", value: "application/json" },
      { name: "Content-Type", value: "application/json" },
    ];
    const answer = await this.send("POST", "/api/now/v1/batch", {
      batch_request_id: "1",
      rest_requests: requests.map(({ method, path, body }, index) => ({
        id: String(index),
        method,
        url: path,
        headers,
        ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)).toString("base64") }),
      })),
    });
    const served = (
      answer.data as { serviced_requests: { id: string; status_code: number; body?: string }[] }
    ).serviced_requests;
    const results = new Array<Record<string, string> | undefined>(requests.length).fill(undefined);
    for (const { id, status_code, body } of served) {
      if (status_code >= 300) continue;
      const text = Buffer.from(body ?? "", "base64").toString("utf8");
      results[Number(id)] =
        text === "" ? {} : (JSON.parse(text) as { result: Record<string, string> }).result;
    }
    return results;
  }
}

/** A token of the demo client for a demo user, whose password is its name. */
export async function signIn(url: string, user: string): Promise<string> {
  for (;;) {
    const response = await fetch(`${url}/oauth_token.do`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "password",
        client_id: "demo-client",
        client_secret: "demo-secret",
        username: user,
        password: user,
      }),
    });
    const answer = (await response.json()) as { access_token?: string };
    if (answer.access_token) return answer.access_token;
    if (response.status !== 429 && response.status < 500)
      throw new Error(`No token for ${user}: ${response.status}`);
  }
}

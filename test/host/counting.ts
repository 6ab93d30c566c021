import { until, type TestHost } from "./host";

const P = "/v1/connect/local";

/** Deploys the source that counts up with its state in db: whoever loses or repeats a save breaks the count. */
export async function deployCounter(
  host: TestHost,
  props: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Promise<string> {
  const { status, body } = await host.call<{ data: { id: string }; error?: string }>(
    "POST",
    `${P}/triggers/deploy`,
    { id: "conformance-counter", external_user_id: "local", configured_props: props, ...more },
  );
  expect({ status, error: body.error }).toEqual({ status: 200, error: undefined });
  return body.data.id;
}

/** The numbers in the order of their events; none while the host cannot tell. */
export async function numbersOf(host: TestHost, trigger: string): Promise<number[]> {
  const { body } = await host.call<{ data?: { e: { n: number } }[] }>(
    "GET",
    `${P}/deployed-triggers/${trigger}/events?n=100000`,
  );
  return body.data?.map(({ e }) => e.n) ?? [];
}

export function untilCounted(host: TestHost, trigger: string, count: number, ms = 60_000): Promise<unknown> {
  return until(
    `${count} numbers of ${trigger}`,
    async () => (await numbersOf(host, trigger)).length >= count,
    ms,
  );
}

/** Nothing lost, nothing doubled, nothing out of order. */
export function expectGapless(numbers: number[]): void {
  expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
}

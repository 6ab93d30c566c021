import {
  StreamableHTTPClientTransport,
  StreamableHTTPError,
} from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { isInitializeRequest, type JSONRPCMessage, type RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { StdioArguments } from "./arguments";

const SERVER_FAILED = -32000;

/**
 * Passes messages on between a client at stdin and stdout and the host. A host that was started again knows the session no more: it is begun anew,
 * and the client notices nothing.
 */
export class Relay {
  #host: StreamableHTTPClientTransport | undefined;
  #initialize: JSONRPCMessage | undefined;
  /** The version that the host agreed to. */
  #version: string | undefined;
  #beginning: Promise<void> | undefined;

  constructor(
    readonly client: StdioServerTransport,
    readonly target: StdioArguments,
    readonly onProblem: (message: string) => void,
  ) {}

  async start(): Promise<void> {
    this.client.onmessage = (message) => void this.#pass(message);
    await this.client.start();
  }

  /** Ends the session at the host, and with it what runs in it. */
  async close(): Promise<void> {
    await this.#host?.terminateSession().catch(() => undefined);
    await this.#host?.close();
  }

  async #pass(message: JSONRPCMessage): Promise<void> {
    if (isInitializeRequest(message)) this.#initialize = message;
    try {
      await this.#beginning;
      await this.#send(message);
    } catch (error) {
      await this.#refuse(message, error);
    }
  }

  async #send(message: JSONRPCMessage): Promise<void> {
    this.#host ??= await this.#connect((answer) => this.#answer(answer));
    try {
      await this.#host.send(message);
    } catch (error) {
      if (!isGone(error) || message === this.#initialize || !this.#initialize) throw error;
      this.#beginning ??= this.#beginAnew().finally(() => (this.#beginning = undefined));
      await this.#beginning;
      await this.#host.send(message);
    }
  }

  async #connect(onMessage: (message: JSONRPCMessage) => void): Promise<StreamableHTTPClientTransport> {
    const { url, token } = this.target;
    const host = new StreamableHTTPClientTransport(url, {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    });
    host.onmessage = onMessage;
    if (this.#version) host.setProtocolVersion(this.#version);
    await host.start();
    return host;
  }

  #answer(message: JSONRPCMessage): void {
    if ("result" in message && "protocolVersion" in message.result) {
      this.#version = String(message.result.protocolVersion);
      this.#host?.setProtocolVersion(this.#version);
    }
    void this.client.send(message);
  }

  /** A new session with the client's own first words; the host's answer to them is known already. */
  async #beginAnew(): Promise<void> {
    await this.#host?.close();
    const initialize = this.#initialize as JSONRPCMessage & { id: RequestId };
    let onAnswer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (onAnswer = resolve));
    const host = await this.#connect((message) => {
      if ("id" in message && message.id === initialize.id) onAnswer();
      else this.#answer(message);
    });
    await host.send(initialize);
    await answered;
    await host.send({ jsonrpc: "2.0", method: "notifications/initialized" });
    this.#host = host;
  }

  async #refuse(message: JSONRPCMessage, error: unknown): Promise<void> {
    const words = wordsOf(error, this.target.url);
    this.onProblem(words);
    if ("method" in message && "id" in message)
      await this.client.send({
        jsonrpc: "2.0",
        id: message.id,
        error: { code: SERVER_FAILED, message: words },
      });
  }
}

const isGone = (error: unknown): boolean => error instanceof StreamableHTTPError && error.code === 404;

/** The host's own words for a refusal, or that it cannot be reached. */
function wordsOf(error: unknown, { origin }: URL): string {
  const text = error instanceof Error ? error.message : String(error);
  const said = /\{"error":"(?:[^"\\]|\\.)*"/.exec(text)?.[0];
  if (said) return (JSON.parse(`${said}}`) as { error: string }).error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : text;
  return `The host at ${origin} does not answer: ${cause}. Start it, or name another with --host.`;
}

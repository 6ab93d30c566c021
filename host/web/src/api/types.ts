import type { FilterSyntax } from "../../../../components/filter";

/** What the host's HTTP API says, as far as the page reads it. Names are the wire's own. */

export interface Session {
  csrf_token: string;
  version: string;
  redirect_uri: string;
  demo?: DemoConnection;
}

/** A server for trying things out: what the connect window is filled with, and how one signs in there. */
export interface DemoConnection {
  app: string;
  name: string;
  address: string;
  fields: Record<string, string>;
  user: string;
  password: string;
}

export interface PageInfo {
  count?: number;
  total_count?: number;
  end_cursor?: string | null;
}

export interface AppInfo {
  id: string;
  name_slug: string;
  name: string;
  /** Null: the app needs no account. */
  auth_type: "oauth" | "keys" | null;
  description?: string;
}

export interface Account {
  id: string;
  name: string | null;
  healthy: boolean;
  error?: string | null;
  app: { name_slug: string; name: string };
  /** By which way it was connected. */
  auth_kind?: string;
  /** What was entered when it was connected, without secrets. */
  fields?: Record<string, string>;
  network?: AccountNetwork;
  created_at: string | number;
  updated_at?: string | number;
}

/** Certificates and proxy of an account, as far as they are shown. */
export interface AccountNetwork {
  ca_certificate?: { subject: string; valid_to: string }[];
  client_certificate?: { subject: string; valid_to: string }[];
  proxy?: string;
}

export interface ConnectionField {
  name: string;
  label: string;
  description: string;
  placeholder?: string;
  default?: string;
  optional?: boolean;
  secret?: boolean;
}

/** A way to sign in to an app. */
export interface SignInKind {
  kind: string;
  label: string;
  description: string;
  by: "browser" | "token" | "keys";
  fields: ConnectionField[];
  help?: string;
}

export interface Connection {
  type: "oauth" | "keys" | "none";
  /** Empty: nobody has described the app. The first is the usual one. */
  kinds: SignInKind[];
  redirect_uri?: string;
}

export interface Attempt {
  id: string;
  status: "pending" | "succeeded" | "failed" | "expired";
  authorize_url?: string;
  error?: string;
  /** What to know of an account that was connected again as somebody else. */
  notice?: string;
  account?: { id: string; name?: string | null };
}

export interface CheckResult {
  healthy: boolean;
  name?: string;
  details?: Record<string, string>;
  error?: string;
}

export interface Prop {
  name: string;
  type: string;
  label?: string;
  description?: string;
  optional?: boolean;
  hidden?: boolean;
  disabled?: boolean;
  readOnly?: boolean;
  default?: unknown;
  /** Author-fixed value, not the user's to change. */
  static?: unknown;
  options?: unknown[];
  remoteOptions?: boolean;
  useQuery?: boolean;
  reloadProps?: boolean;
  secret?: boolean;
  min?: number;
  max?: number;
  app?: string;
  /** How a text that is a filter is written. */
  filter?: { syntax: FilterSyntax };
  alertType?: "info" | "neutral" | "warning" | "error";
  content?: string;
}

export interface Component {
  key: string;
  name: string;
  version?: string;
  description?: string;
  component_type?: string;
  configurable_props: Prop[];
  annotations?: {
    destructiveHint?: boolean;
    readOnlyHint?: boolean;
    openWorldHint?: boolean;
    idempotentHint?: boolean;
  };
}

export interface Observation {
  k: string;
  ts?: number;
  level?: string;
  message?: string;
  err?: { name?: string; message?: string };
}

export interface ConfigureAnswer {
  options: unknown[] | null;
  stringOptions: string[] | null;
  context?: Record<string, unknown> | null;
  observations?: Observation[];
  errors?: string[];
}

export interface PropsAnswer {
  dynamicProps?: { id: string; configurableProps: Prop[] } | null;
  observations?: Observation[];
  errors?: string[];
}

export interface Run {
  id: string;
  started_at: string | number;
  finished_at?: string | number | null;
  status: "ok" | "error" | "running";
  emitted?: number;
  error?: string | { name?: string; message?: string } | null;
  logs?: { ts: string | number; level?: string; message: string }[];
}

export interface Trigger {
  id: string;
  name: string;
  component_key: string;
  component_name?: string;
  account?: { id?: string; name?: string | null; healthy?: boolean } | string | null;
  active: boolean;
  schedule?: unknown;
  configured_props?: Record<string, unknown>;
  created_at?: string | number;
  last_run?: Run | null;
  next_run_at?: string | number | null;
  event_count?: number;
  /** Of an HTTP source: where to send requests. */
  endpoint_url?: string;
}

/** A trigger as the Connect API gives it. */
export interface DeployedTrigger {
  id: string;
  name: string;
  component_key: string;
  configurable_props: Prop[];
  /** Secrets are masked; a masked value that is sent back keeps what is stored. */
  configured_props: Record<string, unknown>;
}

export interface TriggerEvent {
  id: string;
  e: unknown;
  k?: string;
  ts: number;
  sum?: string | null;
}

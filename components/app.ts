import type { ConnectionDeclaration } from "./connection";
import type { PlainProp } from "./props";

/** The account behind an app prop. Free-form: the platform's OAuth names and the fields of the connection. */
export interface Auth {
  oauth_access_token?: string;
  oauth_client_id?: string;
  oauth_uid?: string;
  [field: string]: unknown;
}

/** An app prop at run time: `$auth` and the app's methods, bound to one object. */
export type AppInstance<Methods> = Methods & { $auth: Auth };

/** A prop definition of any app, also of one that is typed elsewhere: what its options may be is the app's own. */
export type AnyDefinition = Omit<PlainProp, "options"> & { options?: unknown };

/** Any app file, whatever its methods. */
export interface AnyApp {
  type: "app";
  app: string;
  propDefinitions?: Record<string, AnyDefinition>;
  methods?: object;
  connection?: ConnectionDeclaration;
}

export type AppMethodsOf<Application> = Application extends { methods?: infer Methods }
  ? NonNullable<Methods>
  : object;

export interface AppDefinition<Methods extends object, Definitions extends Record<string, PlainProp>> {
  type: "app";
  /** The app's slug, which decides the type of account. */
  app: string;
  /** As its maker writes it; a host that does not know the app shows this. */
  name?: string;
  /** How an account is connected where the platform does not know the app. */
  connection?: ConnectionDeclaration;
  propDefinitions: Definitions & ThisType<AppInstance<Methods>>;
  methods: Methods & ThisType<AppInstance<Methods>>;
}

/** An app as components import it. */
export interface App<Methods extends object, Definitions extends Record<string, PlainProp>> {
  type: "app";
  app: string;
  name?: string;
  connection?: ConnectionDeclaration;
  propDefinitions: Definitions;
  methods: Methods;
}

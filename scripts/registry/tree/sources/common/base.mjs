import {
  clientOf,
  DEFAULT_POLLING_SOURCE_TIMER_INTERVAL,
} from "servicenow-components/polling";
import servicenow from "../../servicenow.app.mjs";

/**
 * What the polling sources have in common. A source says what it watches in `getWatch`; reading
 * from the cursor on, in an order that holds within one second, is done by the library.
 */
export default {
  props: {
    servicenow,
    db: "$.service.db",
    timer: {
      type: "$.interface.timer",
      label: "Schedule",
      description: "How often to look for new events.",
      default: {
        intervalSeconds: DEFAULT_POLLING_SOURCE_TIMER_INTERVAL,
      },
    },
    query: {
      type: "string",
      label: "Query",
      description: "An encoded query that a record must meet as well, such as `active=true^priority<=2`. `^` joins conditions, `^OR` offers alternatives. In ServiceNow, right-click the filter of a list and choose *Copy query* to get one.",
      optional: true,
      default: "",
    },
    fields: {
      type: "string[]",
      label: "Fields",
      description: "The fields of the record in the event, such as `number` or `caller_id.email` (a dot follows a reference). All if empty.",
      optional: true,
      default: [],
    },
    format: {
      type: "string",
      label: "Response Data Format",
      description: "What the fields hold: stored values (`false`), the text people see (`true`), or both (`all`).",
      optional: true,
      default: "false",
      options: [
        {
          label: "Stored values",
          value: "false",
        },
        {
          label: "Display values",
          value: "true",
        },
        {
          label: "Both",
          value: "all",
        },
      ],
    },
    leaveOutOwnChanges: {
      type: "boolean",
      label: "Leave Out My Own Changes",
      description: "Leave out records whose last change was made by the connected account, so that a workflow does not answer itself.",
      optional: true,
      default: false,
    },
  },
  methods: {
    _getState(name) {
      return this.db.get(name);
    },
    _setState(name, value) {
      this.db.set(name, value);
    },
    /** The source as the library sees it: with a client of the account, and with its state. */
    _connected() {
      const client = () => clientOf(this.servicenow.$auth, this);
      return Object.create(this, {
        servicenow: {
          value: {
            client,
          },
        },
        db: {
          value: {
            get: (name) => this._getState(name),
            set: (name, value) => this._setState(name, value),
          },
        },
      });
    },
    getWatch() {
      throw new Error("getWatch is not implemented by this source.");
    },
  },
  hooks: {
    async deploy() {
      await this.getWatch().deploy(this._connected());
    },
    async activate() {
      await this.getWatch().activate(this._connected());
    },
  },
  async run() {
    await this.getWatch().run(this._connected());
  },
};

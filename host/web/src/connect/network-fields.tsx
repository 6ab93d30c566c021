import type { AccountNetwork } from "../api/types";
import { Field } from "../ui/field";
import { YesNo } from "../controls/yes-no";

/** What is entered of an account's way to the network; null takes away what there is. */
export type NetworkDraft = Record<string, string> | null;

const PEM = [
  {
    name: "ca_certificate",
    label: "CA certificate",
    description: "For a server whose certificate no public authority has signed. Text in PEM form.",
  },
  {
    name: "client_certificate",
    label: "Client certificate",
    description: "For a server that asks for one (mutual TLS). Text in PEM form, with its chain.",
  },
  {
    name: "client_key",
    label: "Private key of the client certificate",
    description: "Text in PEM form without a passphrase. It is stored encrypted and not shown again.",
  },
] as const;

/** What to send: undefined leaves the account as it is. */
export function networkOf(draft: NetworkDraft): Record<string, string> | null | undefined {
  if (draft === null) return null;
  const entered = Object.entries(draft).filter(([, value]) => value.trim() !== "");
  return entered.length > 0 ? Object.fromEntries(entered) : undefined;
}

/** Certificates and a proxy that all requests of one account use; few accounts need any. */
export function NetworkFields({
  draft,
  present,
  failure,
  onChange,
}: {
  draft: NetworkDraft;
  /** What the account has already. */
  present: AccountNetwork | undefined;
  failure: { message: string; field?: string | undefined } | undefined;
  onChange: (draft: NetworkDraft) => void;
}) {
  const errorOf = (name: string) => (failure?.field === name ? failure.message : undefined);
  const isWrong = [...PEM.map(({ name }) => name), "proxy_url"].some((name) => failure?.field === name);
  const set = (name: string, value: string) => onChange({ ...draft, [name]: value });
  return (
    <details className="help" {...(isWrong ? { open: true } : {})}>
      <summary>Certificates and proxy</summary>
      <div className="stack tight">
        {present && (
          <Field
            group
            label="Keep what this account has"
            description={`${wordsOf(present)} With another way, secrets have to be entered again.`}
          >
            {(ids) => (
              <YesNo
                ids={ids}
                draft={draft !== null}
                onChange={(keep) => onChange(keep === false ? null : {})}
              />
            )}
          </Field>
        )}
        {draft !== null &&
          PEM.map(({ name, label, description }) => (
            <Field key={name} label={label} description={description} required={false} error={errorOf(name)}>
              {(ids) => (
                <textarea
                  {...ids}
                  name={name}
                  rows={3}
                  className="mono"
                  spellCheck={false}
                  autoComplete="off"
                  value={draft[name] ?? ""}
                  onChange={(event) => set(name, event.currentTarget.value)}
                />
              )}
            </Field>
          ))}
        {draft !== null && (
          <Field
            label="Proxy"
            required={false}
            description="An HTTP proxy through which this account's server is reached."
            error={errorOf("proxy_url")}
          >
            {(ids) => (
              <input
                {...ids}
                name="proxy_url"
                type="text"
                autoComplete="off"
                spellCheck={false}
                placeholder="http://user:password@proxy.example.com:3128"
                value={draft.proxy_url ?? ""}
                onChange={(event) => set("proxy_url", event.currentTarget.value)}
              />
            )}
          </Field>
        )}
      </div>
    </details>
  );
}

export const NETWORK_FIELDS: string[] = [...PEM.map(({ name }) => name), "proxy_url"];

function wordsOf({ ca_certificate, client_certificate, proxy }: AccountNetwork): string {
  const parts = [
    ...(ca_certificate ?? []).map(({ subject }) => `authority ${subject}`),
    ...(client_certificate ?? [])
      .slice(0, 1)
      .map(({ subject, valid_to }) => `client certificate ${subject} until ${valid_to.slice(0, 10)}`),
    ...(proxy ? [`proxy ${proxy}`] : []),
  ];
  return `It has: ${parts.join(", ")}.`;
}

import { externalUserId, projectPath } from "../api/http";
import type { PropForm } from "../form/form-state";
import { CopyButton } from "../ui/copy-button";

/** What is filled in, as something to run elsewhere. Secrets are left as a mark to be replaced. */
export function CopyAs({ form }: { form: PropForm }) {
  return (
    <details className="help">
      <summary>Copy as…</summary>
      <div className="row wrap">
        <CopyButton label="Command line" text={() => asCommand(form)} />
        <CopyButton label="curl" text={() => asCurl(form)} />
        <CopyButton label="SDK code" text={() => asSdkCode(form)} />
        <CopyButton label="Workflow step" text={() => asWorkflowStep(form)} />
      </div>
    </details>
  );
}

const replaceMark = "REPLACE_ME";

function openProps(form: PropForm): Record<string, unknown> {
  const secret = new Set(form.props.filter((prop) => prop.secret).map((prop) => prop.name));
  return Object.fromEntries(
    Object.entries(form.configured).map(([name, value]) => [name, secret.has(name) ? replaceMark : value]),
  );
}

const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function asCommand(form: PropForm): string {
  const apps = new Set(form.props.filter((prop) => prop.type === "app").map((prop) => prop.name));
  const props = Object.fromEntries(Object.entries(openProps(form)).filter(([name]) => !apps.has(name)));
  return `npm run component -- ${form.component.key} --auth @auth.json --props ${shellQuoted(JSON.stringify(props))}`;
}

const requestOf = (form: PropForm) => ({
  id: form.component.key,
  external_user_id: externalUserId,
  configured_props: openProps(form),
});

function asCurl(form: PropForm): string {
  return [
    `curl -s ${window.location.origin}${projectPath}/actions/run \\`,
    `  -H "authorization: Bearer $HOST_TOKEN" -H 'content-type: application/json' \\`,
    `  -d ${shellQuoted(JSON.stringify(requestOf(form)))}`,
  ].join("\n");
}

function asSdkCode(form: PropForm): string {
  return `const result = await client.actions.run(${JSON.stringify(
    { id: form.component.key, externalUserId, configuredProps: openProps(form) },
    null,
    2,
  )});`;
}

/** A step of a workflow file; JSON is YAML too. */
function asWorkflowStep(form: PropForm): string {
  const namespace = form.component.key.replace(/\W+/g, "_");
  return [
    `- namespace: ${namespace}`,
    `  uses: ${form.component.key}`,
    `  props: ${JSON.stringify(openProps(form))}`,
    "",
  ].join("\n");
}

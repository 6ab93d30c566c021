import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/http";
import { queryClient } from "../api/queries";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";

const example = `slug: my_service
name: My Service
auth: keys              # oauth, keys or none
fields:
  - { name: api_key, label: API Key, secret: true }
request_headers: { authorization: "Bearer {api_key}" }
api_hosts: [api.example.com]
test_request:
  url: https://api.example.com/v1/me
  name: user.name
`;

/** Where a person says once how accounts of an app are connected. */
export function DescribeApp({ onClose }: { onClose: () => void }) {
  const [yaml, setYaml] = useState(example);
  const keep = useMutation({
    mutationFn: () => api<{ name: string }>("PUT", "/api/app-descriptions", { yaml }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["apps"] });
      void queryClient.invalidateQueries({ queryKey: ["connection"] });
    },
  });
  return (
    <Dialog title="Describe an app" onClose={onClose}>
      {keep.data ? (
        <div className="stack">
          <Notice kind="success" title={`${keep.data.name} is described`}>
            Its accounts can be connected now, here and by the connect link.
          </Notice>
          <div className="row end">
            <Button look="primary" autoFocus onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      ) : (
        <form
          className="stack"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            event.stopPropagation();
            if (!keep.isPending) keep.mutate();
          }}
        >
          <Field
            label="Description"
            description="YAML: where one signs in, which fields there are, and which servers get the credentials. Its slug is the app that components name. Many apps are known already; look in the list of apps first."
          >
            {(ids) => (
              <textarea
                {...ids}
                rows={14}
                spellCheck={false}
                autoCapitalize="off"
                className="mono"
                value={yaml}
                onChange={(event) => setYaml(event.currentTarget.value)}
              />
            )}
          </Field>
          {keep.error && (
            <Notice kind="error" title="Not kept" reveal>
              {keep.error.message}
            </Notice>
          )}
          <div className="row end">
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" type="submit" busy={keep.isPending}>
              Keep the description
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

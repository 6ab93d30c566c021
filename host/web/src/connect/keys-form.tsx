import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, ApiError, newAccountPath } from "../api/http";
import type { Account } from "../api/types";
import { ObjectControl } from "../controls/object-control";
import { blankRow, readObjectDraft, type ObjectDraft } from "../controls/object-draft";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { Field } from "../ui/field";
import { NETWORK_FIELDS, NetworkFields, networkOf, type NetworkDraft } from "./network-fields";

const fieldOf = (error: Error): string | undefined => (error instanceof ApiError ? error.field : undefined);

/** An account of an app that nobody has described. Such an app does not say which fields it reads, so they are named here. */
export function KeysForm({
  slug,
  account,
  onCancel,
  onDone,
}: {
  slug: string;
  account: Account | undefined;
  onCancel: () => void;
  onDone: (account: { id: string; name?: string | null }) => void;
}) {
  const [name, setName] = useState(account?.name ?? "");
  const [draft, setDraft] = useState<ObjectDraft>({
    mode: "rows",
    rows: [blankRow],
    json: "",
  });
  const [network, setNetwork] = useState<NetworkDraft>({});
  const [tried, setTried] = useState(false);
  const read = readObjectDraft(draft);
  const error = read.error ?? (read.value ? undefined : "Enter at least one field with its value.");
  const store = useMutation({
    mutationFn: () =>
      api<Account>("POST", newAccountPath(), {
        app_slug: slug,
        cfmap_json: JSON.stringify(read.value),
        ...(name.trim() ? { name: name.trim() } : {}),
        ...(account ? { account_id: account.id } : {}),
        network: networkOf(network),
      }),
    onSuccess: onDone,
  });
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // React lets events of a dialog rise into the form it was opened from.
        event.stopPropagation();
        setTried(true);
        if (!error && !store.isPending) store.mutate();
      }}
    >
      <Field label="Account name" required={false}>
        {(ids) => (
          <input
            {...ids}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field
        label="Fields"
        group
        error={tried ? error : undefined}
        description="The names are those that the app’s code reads, such as `api_key` or `host`. Values are stored encrypted and not shown again. Of an account that is there already, give all fields when one changes."
      >
        {(ids) => <ObjectControl ids={ids} draft={draft} onChange={setDraft} />}
      </Field>
      <NetworkFields
        draft={network}
        present={account?.network}
        failure={store.error ? { message: store.error.message, field: fieldOf(store.error) } : undefined}
        onChange={setNetwork}
      />
      {store.error && !NETWORK_FIELDS.includes(fieldOf(store.error) ?? "") && (
        <Notice kind="error" title="Not connected">
          {store.error.message}
        </Notice>
      )}
      <div className="row end">
        <Button onClick={onCancel}>Cancel</Button>
        <Button look="primary" type="submit" busy={store.isPending}>
          Connect
        </Button>
      </div>
    </form>
  );
}

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../api/queries";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { Waiting } from "../ui/waiting";
import { setReceivers, useReceivers, type Receiver } from "./api";
import { ReceiverCard } from "./receiver-card";

/** Where the events of a trigger are sent, and what became of that. */
export function Receivers({ triggerId }: { triggerId: string }) {
  const receivers = useReceivers(triggerId);
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState<Receiver>();
  const list = receivers.data ?? [];
  return (
    <section aria-labelledby="receivers-heading" className="stack tight">
      <div className="row spread">
        <h2 id="receivers-heading">Receivers</h2>
        <Button className="small" onClick={() => setAdding(true)}>
          Add receiver
        </Button>
      </div>
      {receivers.isPending && <Waiting>Loading the receivers…</Waiting>}
      {receivers.error && (
        <Notice kind="error" actions={<Button onClick={() => void receivers.refetch()}>Try again</Button>}>
          {receivers.error.message}
        </Notice>
      )}
      {receivers.data?.length === 0 && (
        <p className="about">
          Each event can be sent to addresses of yours, signed and in order, and again until it arrives.
        </p>
      )}
      {shown?.signing_key !== undefined && (
        <NewKey url={shown.url} signingKey={shown.signing_key} onDone={() => setShown(undefined)} />
      )}
      <ul className="cards tight" aria-label="Receivers">
        {list.map((receiver) => (
          <ReceiverCard
            key={receiver.id}
            triggerId={triggerId}
            receiver={receiver}
            others={list.filter((one) => one !== receiver).map(({ url }) => url)}
            onKey={setShown}
          />
        ))}
      </ul>
      {adding && (
        <AddReceiver
          triggerId={triggerId}
          present={list}
          onClose={() => setAdding(false)}
          onAdded={(added) => {
            setAdding(false);
            setShown(added);
          }}
        />
      )}
    </section>
  );
}

function NewKey({ url, signingKey, onDone }: { url: string; signingKey: string; onDone: () => void }) {
  return (
    <Notice
      kind="info"
      title="The signing key is shown once"
      reveal
      actions={
        <>
          <CopyButton label="Copy key" text={() => signingKey} />
          <Button onClick={onDone}>I have it</Button>
        </>
      }
    >
      <p>
        <code className="break">{signingKey}</code>
      </p>
      <p>
        With it, {url} checks <code>x-pd-signature</code>: the HMAC-SHA-256 of the time, a dot and the body.
      </p>
    </Notice>
  );
}

function AddReceiver({
  triggerId,
  present,
  onClose,
  onAdded,
}: {
  triggerId: string;
  present: Receiver[];
  onClose: () => void;
  onAdded: (receiver: Receiver | undefined) => void;
}) {
  const [url, setUrl] = useState("");
  const wanted = url.trim();
  const add = useMutation({
    mutationFn: () => setReceivers(triggerId, [...present.map((one) => one.url), wanted]),
    onSuccess: async (all) => {
      await queryClient.invalidateQueries({ queryKey: ["receivers", triggerId] });
      onAdded(all.find((one) => !present.some(({ id }) => id === one.id)));
    },
  });
  return (
    <Dialog title="Add receiver" onClose={onClose}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted !== "" && !add.isPending) add.mutate();
        }}
      >
        <Field
          label="Address"
          description="Each event from now on is sent there as a POST whose body is the event."
          error={add.error?.message}
        >
          {(ids) => (
            <input
              {...ids}
              type="url"
              autoFocus
              autoComplete="off"
              placeholder="https://example.com/events"
              value={url}
              onChange={(event) => setUrl(event.currentTarget.value)}
            />
          )}
        </Field>
        <div className="row end">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" busy={add.isPending} disabled={wanted === ""}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

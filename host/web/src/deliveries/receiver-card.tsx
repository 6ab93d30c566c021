import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../api/queries";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Confirm } from "../ui/dialog";
import { Notice } from "../ui/notice";
import { Time } from "../ui/time";
import { newKey, replayDead, setReceivers, useDeadLetters, type Receiver } from "./api";

/** One receiver: whether it takes what is sent, what was given up, and its signing key. */
export function ReceiverCard({
  triggerId,
  receiver,
  others,
  onKey,
}: {
  triggerId: string;
  receiver: Receiver;
  /** The addresses that stay when this one is removed. */
  others: string[];
  onKey: (receiver: Receiver) => void;
}) {
  const [asking, setAsking] = useState<"remove" | "key">();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ["receivers", triggerId] });
  const { failures, waiting } = receiver;
  return (
    <li className="card tight-card">
      <div className="row spread top">
        <span className="card-main">
          <span className="break">{receiver.url}</span>
          {waiting > 0 && (
            <span className="about">{waiting === 1 ? "1 event waits" : `${waiting} events wait`}</span>
          )}
        </span>
        <ReceiverBadge receiver={receiver} />
      </div>
      {failures && (
        <p className="error-text">
          {failures.count === 1 ? "The last try failed" : `${failures.count} tries failed, the last`}
          {failures.last_failed_at !== null && (
            <>
              {" "}
              <Time value={failures.last_failed_at} />
            </>
          )}
          : {failures.last_error ?? "no reason was given"}
        </p>
      )}
      {receiver.dead > 0 && <DeadLetters triggerId={triggerId} receiver={receiver} onReplayed={refresh} />}
      <div className="row">
        <Button look="quiet" className="small" onClick={() => setAsking("key")}>
          New signing key
        </Button>
        <Button look="quiet" className="small" onClick={() => setAsking("remove")}>
          Remove<span className="unseen"> {receiver.url}</span>
        </Button>
      </div>
      {asking === "remove" && (
        <Confirm
          title="Remove the receiver?"
          action="Remove receiver"
          onClose={() => setAsking(undefined)}
          onConfirm={async () => {
            await setReceivers(triggerId, others);
            await refresh();
          }}
        >
          <p>
            <span className="break">{receiver.url}</span> is sent nothing more. What waits for it is dropped.
          </p>
        </Confirm>
      )}
      {asking === "key" && (
        <Confirm
          title="Make a new signing key?"
          action="Make a new key"
          onClose={() => setAsking(undefined)}
          onConfirm={async () => {
            onKey(await newKey(triggerId, receiver.id));
            setAsking(undefined);
          }}
        >
          <p>What is sent from then on is signed with it. The present key is of no use any more.</p>
        </Confirm>
      )}
    </li>
  );
}

function ReceiverBadge({ receiver: { failures, dead } }: { receiver: Receiver }) {
  if (failures) return <Badge kind="bad">Failing</Badge>;
  return dead > 0 ? <Badge kind="bad">{dead} not delivered</Badge> : <Badge kind="good">In order</Badge>;
}

function DeadLetters({
  triggerId,
  receiver,
  onReplayed,
}: {
  triggerId: string;
  receiver: Receiver;
  onReplayed: () => Promise<void>;
}) {
  const letters = useDeadLetters(triggerId, receiver);
  const replay = useMutation({
    mutationFn: (event: string | undefined) => replayDead(triggerId, receiver.id, event),
    onSuccess: onReplayed,
  });
  return (
    <details className="help">
      <summary>
        {receiver.dead === 1 ? "1 event was given up" : `${receiver.dead} events were given up`} after ten
        tries
      </summary>
      <div className="stack tight">
        <div className="row">
          <Button className="small" busy={replay.isPending} onClick={() => replay.mutate(undefined)}>
            Send all again
          </Button>
        </div>
        {(letters.error ?? replay.error) && (
          <Notice kind="error">{(letters.error ?? replay.error)?.message}</Notice>
        )}
        <ul className="rows" aria-label="Events that were given up">
          {letters.data?.map((letter) => (
            <li key={letter.event_id} className="row spread padded">
              <span className="grow shrink">
                <span className="clip-line block">{letter.summary ?? letter.event_id}</span>
                <span className="about clip-line block">
                  <Time value={letter.failed_at} />: {letter.error}
                </span>
              </span>
              <Button className="small" onClick={() => replay.mutate(letter.event_id)}>
                Send again<span className="unseen"> {letter.summary ?? letter.event_id}</span>
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}

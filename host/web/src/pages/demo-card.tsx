import type { DemoConnection } from "../api/types";
import { Button } from "../ui/button";

/** Offers the server for trying things out, with everything filled in and the sign-in named. */
export function DemoCard({ demo, onConnect }: { demo: DemoConnection; onConnect: () => void }) {
  return (
    <section className="card" aria-labelledby="demo-heading">
      <h2 id="demo-heading">Try it with the {demo.name}</h2>
      <p>
        It runs on this machine beside the host. The connect window is filled in for you. In the window that
        opens, sign in as <strong>{demo.user}</strong> with the password <strong>{demo.password}</strong> and
        choose <strong>Allow</strong>.
      </p>
      <div className="row">
        <Button look="primary" onClick={onConnect}>
          Use the {demo.name}
        </Button>
        <a className="button quiet" href={demo.address} target="_blank" rel="noopener noreferrer">
          Open the {demo.name}
        </a>
      </div>
    </section>
  );
}

import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { StrictMode, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import { api, authorizeWith } from "./api/http";
import { queryClient } from "./api/queries";
import { useConnect } from "./connect/connect-dialog";
import { Notice } from "./ui/notice";
import { Waiting } from "./ui/waiting";
import "./styles/main.css";

interface Validation {
  success: boolean;
  error?: string;
  app?: { name_slug: string };
  success_redirect_uri?: string | null;
  error_redirect_uri?: string | null;
}

const search = new URLSearchParams(window.location.search);
const token = search.get("token") ?? "";
const asLink = search.get("connectLink") === "true";
authorizeWith(token);

/** The page behind a connect token: opened as a link, or in a frame of another site that listens to its messages. */
function ConnectPage() {
  const app = search.get("app") ?? undefined;
  const validation = useQuery({
    queryKey: ["token"],
    queryFn: () =>
      api<Validation>(
        "GET",
        `/v1/connect/tokens/${encodeURIComponent(token)}/validate${app ? `?app_id=${encodeURIComponent(app)}` : ""}`,
      ),
    retry: false,
  });
  if (validation.isPending) return <Waiting>Looking what is to be connected…</Waiting>;
  if (validation.error || !validation.data.success)
    return (
      <Notice kind="error" title="This link does not work any more">
        {validation.error?.message ?? validation.data?.error} Go back to where you came from and start again.
      </Notice>
    );
  return (
    <Connect
      app={app}
      successUrl={validation.data.success_redirect_uri ?? undefined}
      errorUrl={validation.data.error_redirect_uri ?? undefined}
    />
  );
}

function Connect({
  app,
  successUrl,
  errorUrl,
}: {
  app: string | undefined;
  successUrl: string | undefined;
  errorUrl: string | undefined;
}) {
  const [ended, setEnded] = useState<"connected" | "left">();
  const connected = useRef(false);
  const connect = useConnect({
    app,
    onConnected: (id) => {
      connected.current = true;
      tell({ type: "success", authProvisionId: id });
      setEnded("connected");
      if (asLink && successUrl) window.location.replace(successUrl);
    },
    onClose: () => {
      tell({ type: "close" });
      if (asLink && errorUrl && !connected.current) window.location.replace(errorUrl);
      setEnded((now) => now ?? "left");
    },
  });
  if (ended)
    return (
      <Notice kind={ended === "connected" ? "success" : "neutral"}>
        {ended === "connected" ? "The account is connected." : "Nothing was connected."} You can close this
        page.
      </Notice>
    );
  return (
    <>
      <h1>{connect.title}</h1>
      {connect.body}
    </>
  );
}

/** The site around the frame takes these messages from any origin, and they hold nothing secret. */
function tell(message: Record<string, string>): void {
  if (window.parent !== window) window.parent.postMessage(message, "*");
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <main className="connect-page stack">
        <ConnectPage />
      </main>
    </QueryClientProvider>
  </StrictMode>,
);

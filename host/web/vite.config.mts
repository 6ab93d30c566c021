import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const page = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const host = process.env.HOST_URL ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [react()],
  build: {
    // The host's content policy allows files of its own origin alone: no data: addresses, no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    rollupOptions: { input: [page("index.html"), page("_static/connect.html")] },
    chunkSizeWarningLimit: 700,
  },
  // `npx vite host/web` shows changes at once beside a running host; open the host's own page first, for its cookie.
  server: { host: "127.0.0.1", proxy: { "/api": host, "/v1": host, "/connect": host } },
});

import { existsSync } from "node:fs";

const places = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx", "/opt/homebrew/bin/nginx"];

/** The path of nginx, from `NGINX_PATH` or the usual places; undefined when there is none. */
export function findNginx(): string | undefined {
  const named = process.env.NGINX_PATH;
  return [...(named ? [named] : []), ...places].find((path) => existsSync(path));
}

/** The host's release, as its package.json has it; `npm run check` compares them. */
export const HOST_VERSION = "0.1.0";

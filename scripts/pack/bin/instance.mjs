#!/usr/bin/env node
// The command of the package @servicenow-components/instance.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  console.error(`Node.js 22.13 or newer is needed, and this is ${process.version}.`);
  process.exitCode = 1;
} else await import("../instance/dist/main.mjs");

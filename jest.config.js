const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13))
  throw new Error(
    `jest was started with Node.js ${process.version}. Use npm test -- FILE, which starts the right one.`,
  );

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.(ts|tsx|mjs|js)$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  // Packages that ship ES modules only; jest's own loader takes CommonJS.
  transformIgnorePatterns: ["/node_modules/(?!(oauth4webapi|jose|@electric-sql|@mdream|marked)/)"],
  globalSetup: "<rootDir>/test/helpers/global-setup.ts",
  testTimeout: 30000,
  maxWorkers: 2,
};

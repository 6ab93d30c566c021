# The packages of `npm run pack`, installed as anybody installs them. Two images: --target host (page, API, workers) and --target instance.
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY host/package.json host/
COPY instance/package.json instance/
COPY scripts/run.mjs scripts/lock.mjs scripts/write-atomically.mjs scripts/
COPY scripts/run scripts/run
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/run.mjs pack --out /packages

FROM node:${NODE_VERSION}-bookworm-slim AS packages
WORKDIR /app
COPY --from=build /packages/*.tgz /packages/
RUN npm install --prefix /app --omit=dev --ignore-scripts --no-audit --no-fund /packages/*.tgz

FROM node:${NODE_VERSION}-bookworm-slim AS host
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data LOG_FORMAT=json SIGN_IN_LINK=off COMPONENTS_CACHE=/data/cache
WORKDIR /app
COPY --from=packages /app /app
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "node_modules/@servicenow-components/host/bin/host.mjs"]
CMD ["start"]

FROM node:${NODE_VERSION}-bookworm-slim AS instance
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app /app
USER node
EXPOSE 3001
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3001/login.do').then((answer) => process.exit(answer.status < 500 ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "node_modules/@servicenow-components/instance/bin/instance.mjs"]
CMD ["--host", "0.0.0.0", "--port", "3001", "--seed", "demo"]

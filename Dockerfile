# One image for every role beside Kafka and ClickHouse servers: `tourniquet up --roles worker` and so on.
# The embedded engine (540 MB) stays out: a machine without servers runs from a checkout with `npm start`.

FROM node:24-bookworm-slim AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends g++ libvectorscan-dev \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/chdb node_modules/@chdb
COPY detect/native detect/native
# With the Node of the lock file, which is also the one that runs. Of its headers only the version is read again: the
# addon is named after it, after its sources and after hs.h, so a run stage with another one would refuse to start.
RUN node_modules/.bin/node detect/native/build.mjs \
  && find node_modules/node-linux-*/include -type f ! -name node_version.h -delete

FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends libvectorscan5 \
  && rm -rf /var/lib/apt/lists/* \
  && groupadd --gid 10001 tourniquet \
  && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/tourniquet --shell /usr/sbin/nologin tourniquet \
  && install --directory --owner 10001 --group 10001 --mode 0700 /var/lib/tourniquet
COPY --from=build /usr/include/hs/hs.h /usr/include/hs/hs.h
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY package.json LICENSE ./
COPY contracts contracts
COPY ingest ingest
COPY detect detect
COPY --from=build /app/detect/native/build detect/native/build
COPY storage storage
COPY keys keys
COPY respond respond
COPY roles roles
RUN ln -s /app/roles/tourniquet.mjs /usr/local/bin/tourniquet
# Everything a role writes lies below its home and /tmp: the rest may be read-only.
ENV PATH=/app/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  TOURNIQUET_HOME=/var/lib/tourniquet
USER 10001:10001
WORKDIR /var/lib/tourniquet
EXPOSE 7710 7713
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=3 CMD ["tourniquet", "health"]
ENTRYPOINT ["tourniquet"]
CMD ["--help"]

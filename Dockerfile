# What `make build` made, and nothing else: no shell, no package manager, no node_modules.
FROM gcr.io/distroless/nodejs24-debian12:nonroot
ARG VERSION=unknown
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="Espalier" \
      org.opencontainers.image.description="Gardener provider extension for metal-stack: controllers, webhooks, admission, machine controller" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY LICENSE /LICENSE
COPY dist/main.mjs dist/*.cjs /espalier/
COPY dist/manifests /espalier/manifests
# glibc would keep a heap for each thread: 5 MiB for nothing.
ENV MALLOC_ARENA_MAX=2
USER 65532:65532
# A command comes from the arguments of the container: controllers, admission, ...
ENTRYPOINT ["/nodejs/bin/node", "/espalier/main.mjs"]
CMD ["--help"]

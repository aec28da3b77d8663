package io.flotilla.config.snapshot;

/** What is spoken on a port, as far as the mesh needs to know. */
public enum Protocol {
    HTTP,
    HTTP2,
    GRPC,
    GRPC_WEB,
    HTTPS,
    TLS,
    TCP,
    MONGO,
    MYSQL,
    REDIS,
    UDP,
    /** Unnamed: found out by sniffing. */
    AUTO;

    /** Routed by request. */
    public boolean isHttp() {
        return this == HTTP || this == HTTP2 || this == GRPC || this == GRPC_WEB;
    }

    /** Spoken over HTTP/2 by servers: calls of pages (gRPC-Web) become gRPC on the way. */
    public boolean isHttp2() {
        return this == HTTP2 || this == GRPC || this == GRPC_WEB;
    }

    /** The server may speak first, so nobody may wait for the client's first bytes. */
    public boolean isServerFirst() {
        return this == TCP || this == MYSQL;
    }
}

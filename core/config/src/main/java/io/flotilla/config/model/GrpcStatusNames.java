package io.flotilla.config.model;

import java.util.List;

/** The names of gRPC's statuses, as a VirtualService writes them. */
public final class GrpcStatusNames {
    /** In the order of their codes, from 0. */
    public static final List<String> BY_CODE = List.of(
            "OK",
            "CANCELLED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
            "UNAUTHENTICATED");

    private GrpcStatusNames() {}
}

package io.flotilla.bookinfo.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The request headers that an application must hand on when it calls another, or else traces fall apart and rules by
 * user do not reach past the first service.
 */
public final class ForwardedHeaders {
    private static final List<String> NAMES = List.of(
            "x-request-id",
            // B3, several headers or one
            "x-b3-traceid",
            "x-b3-spanid",
            "x-b3-parentspanid",
            "x-b3-sampled",
            "x-b3-flags",
            "b3",
            // W3C
            "traceparent",
            "tracestate",
            // vendors
            "x-ot-span-context",
            "x-datadog-trace-id",
            "x-datadog-parent-id",
            "x-datadog-sampling-priority",
            "x-cloud-trace-context",
            "grpc-trace-bin",
            "sw8",
            // the application's own
            "end-user",
            "user-agent",
            "cookie",
            "authorization",
            "jwt");

    private ForwardedHeaders() {}

    public static Map<String, String> of(Request request) {
        Map<String, String> forwarded = new LinkedHashMap<>();
        for (String name : NAMES) {
            request.header(name).ifPresent(value -> forwarded.put(name, value));
        }
        return forwarded;
    }
}

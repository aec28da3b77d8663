package io.flotilla.telemetry.record;

import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPRequestProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPResponseProperties;
import io.flotilla.api.events.v1.HttpRequest;
import io.flotilla.config.snapshot.Protocol;
import java.util.Map;
import java.util.Set;

/** What is HTTP in an access log entry. */
final class HttpFacts {
    private static final Set<String> GRPC_TYPES =
            Set.of("application/grpc", "application/grpc+proto", "application/grpc+json");
    private static final int TRACEPARENT_PARTS = 4;

    private HttpFacts() {}

    static HttpRequest of(HTTPAccessLogEntry entry, Protocol declared) {
        HTTPRequestProperties request = entry.getRequest();
        HTTPResponseProperties response = entry.getResponse();
        String path = request.getOriginalPath().isEmpty() ? request.getPath() : request.getOriginalPath();
        return HttpRequest.newBuilder()
                .setMethod(method(request.getRequestMethod()))
                .setScheme(Texts.cut(request.getScheme()))
                .setAuthority(Texts.cut(request.getAuthority()))
                .setPath(Texts.cut(withoutQuery(path)))
                .setResponseCode(response.getResponseCode().getValue())
                .setGrpcStatus(protocol(entry, declared).equals("grpc") ? grpcStatus(response) : "")
                .setUserAgent(Texts.cut(request.getUserAgent()))
                .setRequestId(Texts.cut(request.getRequestId()))
                .setTraceId(traceId(request.getRequestHeadersMap()))
                .setVersion(version(entry.getProtocolVersion()))
                .build();
    }

    /** "grpc" by the content type as Istio has it; where that is not logged, by what the port is declared to speak. */
    static String protocol(HTTPAccessLogEntry entry, Protocol declared) {
        String type = entry.getRequest().getRequestHeadersOrDefault("content-type", "");
        boolean grpc = type.isEmpty() ? declared == Protocol.GRPC : GRPC_TYPES.contains(type);
        return grpc ? "grpc" : "http";
    }

    private static String grpcStatus(HTTPResponseProperties response) {
        return Texts.cut(response.getResponseTrailersOrDefault(
                "grpc-status", response.getResponseHeadersOrDefault("grpc-status", "")));
    }

    private static String method(RequestMethod method) {
        return method == RequestMethod.METHOD_UNSPECIFIED || method == RequestMethod.UNRECOGNIZED ? "" : method.name();
    }

    private static String withoutQuery(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    /** Of the B3 header, else of the W3C one ("VERSION-TRACE-SPAN-FLAGS"). */
    private static String traceId(Map<String, String> headers) {
        String b3 = headers.getOrDefault("x-b3-traceid", "");
        String[] w3c = headers.getOrDefault("traceparent", "").split("-", -1);
        return Texts.cut(b3.isEmpty() && w3c.length == TRACEPARENT_PARTS ? w3c[1] : b3);
    }

    private static String version(HTTPAccessLogEntry.HTTPVersion version) {
        return switch (version) {
            case HTTP10 -> "HTTP/1.0";
            case HTTP11 -> "HTTP/1.1";
            case HTTP2 -> "HTTP/2";
            case HTTP3 -> "HTTP/3";
            case PROTOCOL_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }
}

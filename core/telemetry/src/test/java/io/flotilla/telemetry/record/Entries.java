package io.flotilla.telemetry.record;

import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPRequestProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPResponseProperties;
import io.envoyproxy.envoy.data.accesslog.v3.TLSProperties;
import io.envoyproxy.envoy.data.accesslog.v3.TLSProperties.CertificateProperties;

/** Access log entries as Envoy writes them. */
final class Entries {
    static final long START_MILLIS = 1_767_225_600_000L;

    private Entries() {}

    static Node node(String pod, String namespace, String serviceAccount) {
        return Node.newBuilder()
                .setId("sidecar~10.44.0.9~" + pod + "." + namespace + "~" + namespace + ".svc.cluster.local")
                .setMetadata(Struct.newBuilder()
                        .putFields("CLUSTER_ID", text("Kubernetes"))
                        .putFields("SERVICE_ACCOUNT", text(serviceAccount))
                        .putFields("WORKLOAD_NAME", text("told-v1"))
                        .putFields(
                                "LABELS",
                                Value.newBuilder()
                                        .setStructValue(Struct.newBuilder().putFields("app", text("told")))
                                        .build()))
                .build();
    }

    static ReportingProxy proxy(LogKind kind, String pod, String namespace, String serviceAccount) {
        return switch (ReportingProxy.of(node(pod, namespace, serviceAccount), kind.logName(), "")) {
            case ReportingProxy.Verdict.Admitted admitted -> admitted.proxy();
            case ReportingProxy.Verdict.Refused refused -> throw new AssertionError(refused.reason());
        };
    }

    static AccessLogCommon.Builder common() {
        return AccessLogCommon.newBuilder()
                .setStreamId("f2b1")
                .setStartTime(Timestamps.fromMillis(START_MILLIS))
                .setDuration(Durations.fromMillis(7));
    }

    static HTTPAccessLogEntry.Builder http(AccessLogCommon common) {
        return HTTPAccessLogEntry.newBuilder()
                .setCommonProperties(common)
                .setProtocolVersion(HTTPAccessLogEntry.HTTPVersion.HTTP11)
                .setRequest(HTTPRequestProperties.newBuilder()
                        .setRequestMethod(RequestMethod.GET)
                        .setScheme("http")
                        .setAuthority("reviews:9080")
                        .setPath("/reviews/0?secret=1")
                        .setUserAgent("curl/8")
                        .setRequestHeadersBytes(100)
                        .setRequestBodyBytes(20)
                        .setRequestId("f2b1"))
                .setResponse(HTTPResponseProperties.newBuilder()
                        .setResponseCode(UInt32Value.of(200))
                        .setResponseHeadersBytes(50)
                        .setResponseBodyBytes(300));
    }

    static Address address(String host, int port) {
        return Address.newBuilder()
                .setSocketAddress(SocketAddress.newBuilder().setAddress(host).setPortValue(port))
                .build();
    }

    static TLSProperties tls(String peerUri, String localUri) {
        return TLSProperties.newBuilder()
                .setPeerCertificateProperties(certificate(peerUri))
                .setLocalCertificateProperties(certificate(localUri))
                .build();
    }

    private static CertificateProperties certificate(String uri) {
        return CertificateProperties.newBuilder()
                .addSubjectAltName(CertificateProperties.SubjectAltName.newBuilder()
                        .setDns("not-a-uri")
                        .build())
                .addSubjectAltName(
                        CertificateProperties.SubjectAltName.newBuilder().setUri(uri))
                .build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}

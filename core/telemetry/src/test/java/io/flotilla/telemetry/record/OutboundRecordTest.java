package io.flotilla.telemetry.record;

import static io.flotilla.telemetry.record.Entries.address;
import static io.flotilla.telemetry.record.Entries.common;
import static io.flotilla.telemetry.record.Entries.http;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogType;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.ResponseFlags;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.flotilla.api.events.v1.Arrival;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.Reporter;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.api.events.v1.SecurityPolicy;
import io.flotilla.config.snapshot.Protocol;
import io.flotilla.telemetry.registry.FakeRegistry;
import io.flotilla.telemetry.registry.RegistryHistory;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the caller's sidecar, or a gateway, reports. */
class OutboundRecordTest {
    private final FakeRegistry registry = new FakeRegistry()
            .pod("default", "productpage-0", "10.44.0.1", "productpage", "bookinfo-productpage")
            .pod("default", "reviews-0", "10.44.0.9", "reviews", "bookinfo-reviews")
            .service("default", "reviews", 9080, Protocol.HTTP)
            .service("shop", "cart", 50_051, Protocol.GRPC);

    private AccessLogTranslation translation(LogKind kind) {
        ReportingProxy proxy = Entries.proxy(kind, "productpage-0", "default", "bookinfo-productpage");
        return new AccessLogTranslation(proxy, RegistryHistory.empty().with(registry, Instant.EPOCH));
    }

    private static HTTPAccessLogEntry.Builder through(String cluster, String upstream) {
        return http(common().setUpstreamCluster(cluster)
                .setUpstreamRemoteAddress(address(upstream, 9080))
                .setDownstreamDirectRemoteAddress(address("10.44.0.1", 40_000))
                .build());
    }

    @Test
    void namesTheCallerByItsPodAndTheCalleeByCluster() {
        RequestRecord record = translation(LogKind.OUTBOUND)
                .http(through("outbound|9080|v1|reviews.default.svc.cluster.local", "10.44.0.9")
                        .build());

        assertThat(record.getReporter()).isEqualTo(Reporter.SOURCE);
        assertThat(record.getGateway()).isFalse();
        assertThat(record.getSecurity()).isEqualTo(SecurityPolicy.SECURITY_POLICY_UNKNOWN);
        assertThat(record.getSource().getWorkload()).isEqualTo("productpage-v1");
        assertThat(record.getSource().getPrincipal()).isEmpty();
        assertThat(record.getSource().getCluster()).isEqualTo("Kubernetes");
        assertThat(record.getDestination().getWorkload()).isEqualTo("reviews-v1");
        assertThat(record.getDestination().getCluster()).isEqualTo("Kubernetes");
        assertThat(record.getService().getHost()).isEqualTo("reviews.default.svc.cluster.local");
        assertThat(record.getService().getNamespace()).isEqualTo("default");
        assertThat(record.getService().getPort()).isEqualTo(9080);
    }

    @Test
    void aGatewayReportsAsTheSourceAndTellsWhoCameToWhere() {
        HTTPAccessLogEntry.Builder entry = through("outbound|9080||reviews.default.svc.cluster.local", "10.44.0.9");
        entry.getCommonPropertiesBuilder()
                .setDownstreamLocalAddress(address("10.44.0.1", 8443))
                .setDownstreamRemoteAddress(address("2001:db8::1", 0))
                .setTlsProperties(Entries.tls("spiffe://partner.example/ns/a/sa/b", "spiffe://x"));
        RequestRecord record = translation(LogKind.GATEWAY).http(entry.build());

        assertThat(record.getReporter()).isEqualTo(Reporter.SOURCE);
        assertThat(record.getGateway()).isTrue();
        assertThat(record.getArrival())
                .isEqualTo(Arrival.newBuilder()
                        .setAddress("10.44.0.1:8443")
                        .setClient("[2001:db8::1]:0")
                        .setPrincipal("spiffe://partner.example/ns/a/sa/b")
                        .build());
        assertThat(translation(LogKind.OUTBOUND).http(entry.build()).hasArrival())
                .as("a sidecar's caller is its own application")
                .isFalse();
    }

    @ParameterizedTest(name = "{0} asking {1}")
    @CsvSource({
        "outbound|9080||reviews.default.svc.cluster.local, whatever,         reviews, default, reviews.default.svc.cluster.local",
        "outbound|80||gone.shop.svc.cluster.local,         whatever,         gone,    shop,    gone.shop.svc.cluster.local",
        "outbound|443||api.example.com,                    whatever,         api.example.com, '', api.example.com",
        "PassthroughCluster,                               reviews:9080,     PassthroughCluster, '', ''",
        "BlackHoleCluster,                                 reviews:9080,     BlackHoleCluster, '', ''",
        "'',                                               reviews:9080,     reviews, default, reviews.default.svc.cluster.local",
        "'',                                               cart.shop,        cart,    shop,    cart.shop.svc.cluster.local",
        "'',                                               cart.shop.svc,    cart,    shop,    cart.shop.svc.cluster.local",
        "'',                                               cart,             '',      '',      ''",
        "'',                                               nowhere.example,  '',      '',      ''"
    })
    void theServiceIsTheClustersOrElseTheOneThatTheAuthorityNames(
            String cluster, String authority, String name, String namespace, String host) {
        HTTPAccessLogEntry.Builder entry = through(cluster, "10.9.9.9");
        entry.getRequestBuilder().setAuthority(authority);

        RequestRecord record = translation(LogKind.OUTBOUND).http(entry.build());

        assertThat(record.getService().getName()).isEqualTo(name);
        assertThat(record.getService().getNamespace()).isEqualTo(namespace);
        assertThat(record.getService().getHost()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource({
        "outbound|9080||reviews.default.svc.cluster.local, application/grpc,       grpc, 0",
        "outbound|9080||reviews.default.svc.cluster.local, application/grpc+proto, grpc, 0",
        "outbound|9080||reviews.default.svc.cluster.local, application/json,       http, ''",
        "outbound|9080||reviews.default.svc.cluster.local, '',                     http, ''",
        "outbound|50051||cart.shop.svc.cluster.local,      '',                     grpc, 0"
    })
    void grpcIsToldByContentTypeOrByThePort(String cluster, String type, String protocol, String status) {
        HTTPAccessLogEntry.Builder entry = through(cluster, "10.9.9.9");
        if (!type.isEmpty()) {
            entry.getRequestBuilder().putRequestHeaders("content-type", type);
        }
        entry.getResponseBuilder().putResponseTrailers("grpc-status", "0");

        RequestRecord record = translation(LogKind.OUTBOUND).http(entry.build());

        assertThat(record.getProtocol()).isEqualTo(protocol);
        assertThat(record.getHttp().getGrpcStatus()).isEqualTo(status);
    }

    @Test
    void flagsHaveEnvoysShortNames() {
        HTTPAccessLogEntry.Builder entry = through("outbound|9080||reviews.default.svc.cluster.local", "10.44.0.9");
        entry.getCommonPropertiesBuilder()
                .setResponseFlags(ResponseFlags.newBuilder()
                        .setUpstreamRetryLimitExceeded(true)
                        .setUpstreamConnectionFailure(true));
        entry.getResponseBuilder().setResponseCode(UInt32Value.of(503));

        RequestRecord record = translation(LogKind.OUTBOUND).http(entry.build());

        assertThat(record.getResponseFlags()).isEqualTo("UF,URX");
        assertThat(record.getHttp().getResponseCode()).isEqualTo(503);
    }

    @Test
    void theTraceIsThatOfEitherHeader() {
        HTTPAccessLogEntry.Builder b3 = through("PassthroughCluster", "10.9.9.9");
        b3.getRequestBuilder().putRequestHeaders("x-b3-traceid", "463ac35c9f6413ad");
        HTTPAccessLogEntry.Builder w3c = through("PassthroughCluster", "10.9.9.9");
        w3c.getRequestBuilder().putRequestHeaders("traceparent", "00-4bf92f3577b34da6-00f067aa0ba902b7-01");

        assertThat(translation(LogKind.OUTBOUND).http(b3.build()).getHttp().getTraceId())
                .isEqualTo("463ac35c9f6413ad");
        assertThat(translation(LogKind.OUTBOUND).http(w3c.build()).getHttp().getTraceId())
                .isEqualTo("4bf92f3577b34da6");
    }

    @ParameterizedTest
    @CsvSource({"TcpUpstreamConnected, TCP_OPEN", "TcpPeriodic, TCP_CONTINUE", "TcpConnectionEnd, TCP_CLOSE"})
    void aTcpRecordSaysWhereTheConnectionStands(AccessLogType logged, RecordType type) {
        TCPAccessLogEntry entry = TCPAccessLogEntry.newBuilder()
                .setCommonProperties(common().setAccessLogType(logged))
                .build();

        assertThat(translation(LogKind.OUTBOUND).tcp(entry).getType()).isEqualTo(type);
    }

    @Test
    void textsOfCallersAreCut() {
        HTTPAccessLogEntry.Builder entry = through("PassthroughCluster", "10.9.9.9");
        entry.getRequestBuilder().setPath("/" + "x".repeat(100_000)).setUserAgent("é".repeat(5_000));

        assertThat(translation(LogKind.OUTBOUND).http(entry.build()).getSerializedSize())
                .isLessThan(4_096);
    }
}

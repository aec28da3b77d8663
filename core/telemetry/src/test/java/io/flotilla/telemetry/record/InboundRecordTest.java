package io.flotilla.telemetry.record;

import static io.flotilla.telemetry.record.Entries.address;
import static io.flotilla.telemetry.record.Entries.common;
import static io.flotilla.telemetry.record.Entries.http;
import static io.flotilla.telemetry.record.Entries.tls;
import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.ConnectionProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.flotilla.api.events.v1.Peer;
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

/** What the callee's sidecar reports. */
class InboundRecordTest {
    private static final String PRODUCTPAGE = "spiffe://cluster.local/ns/default/sa/bookinfo-productpage";
    private static final String REVIEWS = "spiffe://cluster.local/ns/default/sa/bookinfo-reviews";

    private final FakeRegistry registry = new FakeRegistry()
            .pod("default", "productpage-0", "10.44.0.1", "productpage", "bookinfo-productpage")
            .pod("default", "reviews-0", "10.44.0.9", "reviews", "bookinfo-reviews")
            .pod("other", "client-0", "10.44.0.3", "client", "bookinfo-productpage")
            .service("default", "reviews", 80, Protocol.HTTP);

    private RequestRecord translate(HTTPAccessLogEntry entry) {
        return translation().http(entry);
    }

    private AccessLogTranslation translation() {
        ReportingProxy proxy = Entries.proxy(LogKind.INBOUND, "reviews-0", "default", "bookinfo-reviews");
        return new AccessLogTranslation(proxy, RegistryHistory.empty().with(registry, Instant.EPOCH));
    }

    private static AccessLogCommon from(String address, String peerUri) {
        AccessLogCommon.Builder common = common().setDownstreamDirectRemoteAddress(address(address, 40_000))
                .setDownstreamLocalAddress(address("10.44.0.9", 9080));
        return (peerUri.isEmpty() ? common : common.setTlsProperties(tls(peerUri, REVIEWS))).build();
    }

    private static HTTPAccessLogEntry withPeerHeader(AccessLogCommon common, String header) {
        HTTPAccessLogEntry.Builder entry = http(common);
        if (!header.isEmpty()) {
            entry.getCommonPropertiesBuilder().putCustomTags(AccessLogTranslation.PEER_HEADER, header);
        }
        return entry.build();
    }

    @Test
    void namesBothSidesAndTheService() {
        RequestRecord record = translate(withPeerHeader(from("10.44.0.1", PRODUCTPAGE), "default/productpage-0"));

        assertThat(record.getReporter()).isEqualTo(Reporter.DESTINATION);
        assertThat(record.getType()).isEqualTo(RecordType.HTTP);
        assertThat(record.getSecurity()).isEqualTo(SecurityPolicy.MUTUAL_TLS);
        assertThat(record.getSource())
                .isEqualTo(Peer.newBuilder()
                        .setWorkload("productpage-v1")
                        .setNamespace("default")
                        .setPrincipal(PRODUCTPAGE)
                        .setApp("productpage")
                        .setVersion("v1")
                        .setServiceAccount("bookinfo-productpage")
                        .setCluster("Kubernetes")
                        .setCanonicalService("productpage")
                        .setCanonicalRevision("v1")
                        .setPod("productpage-0")
                        .setAddress("10.44.0.1:40000")
                        .build());
        assertThat(record.getDestination().getWorkload()).isEqualTo("reviews-v1");
        assertThat(record.getDestination().getPrincipal()).isEqualTo(REVIEWS);
        assertThat(record.getDestination().getCluster()).isEqualTo("Kubernetes");
        assertThat(record.getService().getHost()).isEqualTo("reviews.default.svc.cluster.local");
        assertThat(record.getService().getName()).isEqualTo("reviews");
        assertThat(record.getService().getPort()).isEqualTo(80);
        assertThat(record.getProtocol()).isEqualTo("http");
        assertThat(record.getHttp().getPath()).isEqualTo("/reviews/0");
        assertThat(record.getRequestBytes()).isEqualTo(120);
        assertThat(record.getResponseBytes()).isEqualTo(350);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "the header and the certificate agree,      default/productpage-0, 10.44.0.1, default/bookinfo-productpage, productpage-v1",
        "the header counts also behind another hop, default/productpage-0, 10.9.9.9,  default/bookinfo-productpage, productpage-v1",
        "another service account than it says,      default/reviews-0,     10.44.0.1, default/bookinfo-productpage, unknown",
        "another namespace than it says,            other/client-0,        10.44.0.1, default/bookinfo-productpage, unknown",
        "a pod that nobody knows,                   default/nobody-0,      10.44.0.1, default/bookinfo-productpage, unknown",
        "a header that is none,                     productpage,           10.44.0.1, default/bookinfo-productpage, unknown",
        "no header: the address,                    '',                    10.44.0.1, default/bookinfo-productpage, productpage-v1",
        "no header and an address of another,       '',                    10.44.0.9, default/bookinfo-productpage, unknown",
        "no header and an unknown address,          '',                    10.9.9.9,  default/bookinfo-productpage, unknown",
        "plaintext: the address,                    '',                    10.44.0.3, '',                           client-v1",
        "plaintext: a header counts nothing,        default/productpage-0, 10.44.0.3, '',                           client-v1",
        "plaintext from nowhere,                    default/productpage-0, 10.9.9.9,  '',                           unknown"
    })
    void theCallerIsWhoeverIsProvedAndNobodyElse(
            String row, String header, String address, String identity, String workload) {
        String uri = identity.isEmpty() ? "" : "spiffe://cluster.local/ns/" + identity.replace("/", "/sa/");

        RequestRecord record = translate(withPeerHeader(from(address, uri), header));

        assertThat(record.getSource().getWorkload()).as(row).isEqualTo(workload.equals("unknown") ? "" : workload);
        assertThat(record.getSource().getPrincipal()).isEqualTo(uri);
        assertThat(record.getSecurity()).isEqualTo(uri.isEmpty() ? SecurityPolicy.NONE : SecurityPolicy.MUTUAL_TLS);
    }

    @ParameterizedTest
    @CsvSource({
        "default/productpage-0, bookinfo-productpage, Kubernetes",
        "default/far-0,         bookinfo-productpage, elsewhere",
        "default/nobody-0,      bookinfo-productpage, ''"
    })
    void aCallersClusterIsItsOwnOrElseThatOfTheCalleeAndOfAStrangerNone(String pod, String account, String cluster) {
        registry.inCluster("elsewhere").pod("default", "far-0", "10.45.0.1", "productpage", account);

        RequestRecord record =
                translate(withPeerHeader(from("10.9.9.9", "spiffe://cluster.local/ns/default/sa/" + account), pod));

        assertThat(record.getSource().getCluster()).isEqualTo(cluster);
        assertThat(record.getDestination().getCluster()).isEqualTo("Kubernetes");
    }

    @Test
    void ofSeveralServicesOnOnePortTheOneThatTheAuthorityNames() {
        registry.service("default", "reviews-canary", 80, Protocol.HTTP);

        HTTPAccessLogEntry.Builder canary = http(from("10.44.0.1", PRODUCTPAGE));
        canary.getRequestBuilder().setAuthority("reviews-canary.default");
        assertThat(translate(canary.build()).getService().getName()).isEqualTo("reviews-canary");

        HTTPAccessLogEntry.Builder stranger = http(from("10.44.0.1", PRODUCTPAGE));
        stranger.getRequestBuilder().setAuthority("10.44.0.9:9080");
        assertThat(translate(stranger.build()).getService().getName()).isEmpty();
    }

    @Test
    void aPortOfNoServiceIsUnknown() {
        registry.podsListenOn(7070);

        assertThat(translate(http(from("10.44.0.1", PRODUCTPAGE)).build())
                        .getService()
                        .getHost())
                .isEmpty();
    }

    @Test
    void beforeTheRegistryKnowsThePodTheProxyDescribesItself() {
        ReportingProxy proxy = Entries.proxy(LogKind.INBOUND, "brand-new", "default", "bookinfo-reviews");
        RequestRecord record = new AccessLogTranslation(proxy, RegistryHistory.empty())
                .http(http(from("10.44.0.1", PRODUCTPAGE)).build());

        assertThat(record.getDestination().getWorkload()).isEqualTo("told-v1");
        assertThat(record.getDestination().getApp()).isEqualTo("told");
    }

    @Test
    void theSameEntryOfTheSameProxyHasTheSameFingerprint() {
        HTTPAccessLogEntry entry = http(from("10.44.0.1", PRODUCTPAGE)).build();
        HTTPAccessLogEntry later = http(from("10.44.0.1", PRODUCTPAGE).toBuilder()
                        .setDuration(com.google.protobuf.util.Durations.fromNanos(7_000_001))
                        .build())
                .build();

        assertThat(translate(entry).getFingerprint()).isEqualTo(translate(entry).getFingerprint());
        assertThat(translate(later).getStreamId()).isEqualTo(translate(entry).getStreamId());
        assertThat(translate(later).getFingerprint())
                .isNotEqualTo(translate(entry).getFingerprint());
    }

    @Test
    void tcpConnectionsAreJoinedByAddressAndCertificate() {
        RequestRecord record = translation()
                .tcp(TCPAccessLogEntry.newBuilder()
                        .setCommonProperties(from("10.44.0.1", PRODUCTPAGE))
                        .setConnectionProperties(ConnectionProperties.newBuilder()
                                .setReceivedBytes(11)
                                .setSentBytes(22))
                        .build());

        assertThat(record.getType()).isEqualTo(RecordType.TCP_CLOSE);
        assertThat(record.getProtocol()).isEqualTo("tcp");
        assertThat(record.getSource().getWorkload()).isEqualTo("productpage-v1");
        assertThat(record.getService().getName()).isEqualTo("reviews");
        assertThat(record.getRequestBytes()).isEqualTo(11);
        assertThat(record.getResponseBytes()).isEqualTo(22);
    }
}

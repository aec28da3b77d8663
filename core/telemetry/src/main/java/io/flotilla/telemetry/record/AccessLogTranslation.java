package io.flotilla.telemetry.record;

import com.google.protobuf.Duration;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Timestamp;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogType;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.flotilla.api.events.v1.Arrival;
import io.flotilla.api.events.v1.HttpRequest;
import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.Reporter;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.api.events.v1.SecurityPolicy;
import io.flotilla.api.events.v1.Timing;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.telemetry.registry.RegistryHistory;
import java.time.Instant;
import java.util.List;

/**
 * Translates the access log entries of one proxy into request records ({@code envoy.data.accesslog.v3}). The reporter's
 * own side is its pod; the other side is joined with the registry as of the time of the call.
 *
 * @param proxy   who writes the entries
 * @param history the registry of the last minute
 */
public record AccessLogTranslation(ReportingProxy proxy, RegistryHistory history) {
    /**
     * Request header in which a caller's proxy names its pod, "NAMESPACE/POD". The callee's proxy takes it away from the
     * request and logs it as a custom tag of that name.
     */
    public static final String PEER_HEADER = "x-flotilla-peer";

    /** The record of an HTTP request. */
    public RequestRecord http(HTTPAccessLogEntry entry) {
        AccessLogCommon common = entry.getCommonProperties();
        String authority = entry.getRequest().getAuthority();
        ServiceJoin.Called called = called(common, authority);
        HttpRequest http = HttpFacts.of(entry, called.protocol());
        RequestRecord.Builder record = common(common, entry)
                .setType(RecordType.HTTP)
                .setService(called.name())
                .setHttp(http)
                .setProtocol(HttpFacts.protocol(entry, called.protocol()))
                .setResponseCodeDetails(Texts.cut(entry.getResponse().getResponseCodeDetails()))
                .setRequestBytes(entry.getRequest().getRequestHeadersBytes()
                        + entry.getRequest().getRequestBodyBytes())
                .setResponseBytes(entry.getResponse().getResponseHeadersBytes()
                        + entry.getResponse().getResponseBodyBytes());
        Decisions.of(common.getMetadata(), List.of(entry.getResponse().getResponseCodeDetails()))
                .ifPresent(record::setDecision);
        return sides(
                record,
                common,
                common.getCustomTagsOrDefault(
                        PEER_HEADER, entry.getRequest().getRequestHeadersOrDefault(PEER_HEADER, "")));
    }

    /** The record of a TCP connection's beginning, continuation or end. */
    public RequestRecord tcp(TCPAccessLogEntry entry) {
        AccessLogCommon common = entry.getCommonProperties();
        RequestRecord.Builder record = common(common, entry)
                .setType(type(common.getAccessLogType()))
                .setService(called(common, "").name())
                .setProtocol("tcp")
                .setRequestBytes(entry.getConnectionProperties().getReceivedBytes())
                .setResponseBytes(entry.getConnectionProperties().getSentBytes());
        Decisions.of(common.getMetadata(), List.of(common.getConnectionTerminationDetails()))
                .ifPresent(record::setDecision);
        return sides(record, common, "");
    }

    private ServiceJoin.Called called(AccessLogCommon common, String authority) {
        ServiceJoin join = new ServiceJoin(history.latest(), proxy.namespace());
        return switch (proxy.kind()) {
            case INBOUND -> join.inbound(self(), Peers.port(common.getDownstreamLocalAddress()), authority);
            case OUTBOUND, GATEWAY -> join.outbound(common.getUpstreamCluster(), authority);
        };
    }

    private RequestRecord sides(RequestRecord.Builder record, AccessLogCommon common, String peerHeader) {
        Instant start = instant(common.getStartTime());
        return switch (proxy.kind()) {
            case INBOUND -> {
                Peer caller =
                        new CallerJoin(history, proxy.network(), proxy.cluster()).caller(common, peerHeader, start);
                String own = CallerJoin.uri(common.getTlsProperties().getLocalCertificateProperties());
                yield record.setReporter(Reporter.DESTINATION)
                        .setSecurity(caller.getPrincipal().isEmpty() ? SecurityPolicy.NONE : SecurityPolicy.MUTUAL_TLS)
                        .setSource(caller)
                        .setDestination(Peers.of(
                                self(),
                                Principal.parse(own).orElse(null),
                                common.getDownstreamLocalAddress(),
                                proxy.cluster()))
                        .build();
            }
            case OUTBOUND, GATEWAY -> {
                if (proxy.kind() == LogKind.GATEWAY) {
                    record.setGateway(true).setArrival(arrival(common));
                }
                yield record.setReporter(Reporter.SOURCE)
                        .setSource(Peers.of(self(), null, common.getDownstreamDirectRemoteAddress(), proxy.cluster()))
                        .setDestination(Peers.of(
                                history.byAddress(proxy.network(), Peers.host(common.getUpstreamRemoteAddress()), start)
                                        .orElse(null),
                                null,
                                common.getUpstreamRemoteAddress(),
                                proxy.cluster()))
                        .build();
            }
        };
    }

    private static Arrival arrival(AccessLogCommon common) {
        return Arrival.newBuilder()
                .setAddress(Peers.text(common.getDownstreamLocalAddress()))
                .setClient(Peers.text(common.getDownstreamRemoteAddress()))
                .setPrincipal(Texts.cut(CallerJoin.uri(common.getTlsProperties().getPeerCertificateProperties())))
                .build();
    }

    private Workload self() {
        return history.byName(proxy.namespace(), proxy.pod()).orElse(proxy.told());
    }

    private RequestRecord.Builder common(AccessLogCommon common, MessageLite entry) {
        RequestRecord.Builder record = RequestRecord.newBuilder()
                .setFingerprint(Fingerprints.of(proxy, entry))
                .setStreamId(Texts.cut(common.getStreamId()))
                .setStart(common.getStartTime())
                .setDuration(duration(common))
                .setResponseFlags(ResponseFlagNames.of(common.getResponseFlags()))
                .setRequestedServerName(Texts.cut(common.getTlsProperties().getTlsSniHostname()))
                .setUpstreamCluster(Texts.cut(common.getUpstreamCluster()))
                .setRouteName(Texts.cut(common.getRouteName()))
                .setAttempts(common.getUpstreamRequestAttemptCount())
                .setTransportFailure(Texts.cut(
                        common.getUpstreamTransportFailureReason().isEmpty()
                                ? common.getDownstreamTransportFailureReason()
                                : common.getUpstreamTransportFailureReason()))
                .setTerminationDetails(Texts.cut(common.getConnectionTerminationDetails()));
        ToldMetrics.of(common.getCustomTagsMap()).ifPresent(record::setMetricChanges);
        return record.setTiming(timing(common));
    }

    private static Timing timing(AccessLogCommon common) {
        Timing.Builder timing = Timing.newBuilder();
        if (common.hasTimeToLastRxByte()) {
            timing.setRequestReceived(common.getTimeToLastRxByte());
        }
        if (common.hasTimeToLastUpstreamTxByte()) {
            timing.setUpstreamRequestSent(common.getTimeToLastUpstreamTxByte());
        }
        if (common.hasTimeToFirstUpstreamRxByte()) {
            timing.setUpstreamResponseFirst(common.getTimeToFirstUpstreamRxByte());
        }
        if (common.hasTimeToLastUpstreamRxByte()) {
            timing.setUpstreamResponseLast(common.getTimeToLastUpstreamRxByte());
        }
        if (common.hasTimeToLastDownstreamTxByte()) {
            timing.setResponseSent(common.getTimeToLastDownstreamTxByte());
        }
        return timing.build();
    }

    /** The whole time; of an Envoy that does not tell it, the time to the last byte of the answer. */
    private static Duration duration(AccessLogCommon common) {
        return common.hasDuration() ? common.getDuration() : common.getTimeToLastDownstreamTxByte();
    }

    private static RecordType type(AccessLogType type) {
        return switch (type) {
            case TcpUpstreamConnected, DownstreamStart, UpstreamPoolReady -> RecordType.TCP_OPEN;
            case TcpPeriodic, DownstreamPeriodic, UpstreamPeriodic -> RecordType.TCP_CONTINUE;
            default -> RecordType.TCP_CLOSE;
        };
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}

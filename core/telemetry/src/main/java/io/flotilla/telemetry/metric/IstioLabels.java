package io.flotilla.telemetry.metric;

import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.events.v1.Reporter;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.api.events.v1.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The labels of Istio's standard metrics: those of 1.1's default configuration and those of current telemetry, on the
 * same series. What is not known is "unknown".
 */
public final class IstioLabels {
    private static final String UNKNOWN = "unknown";
    private static final String OVERFLOW = "overflow";
    private static final String NONE = "none";

    private static final List<String> SIDES = List.of(
            "reporter",
            "source_workload",
            "source_workload_namespace",
            "source_principal",
            "source_app",
            "source_version",
            "source_cluster",
            "source_canonical_service",
            "source_canonical_revision",
            "destination_workload",
            "destination_workload_namespace",
            "destination_principal",
            "destination_app",
            "destination_version",
            "destination_cluster",
            "destination_canonical_service",
            "destination_canonical_revision",
            "destination_service",
            "destination_service_name",
            "destination_service_namespace",
            "request_protocol",
            "response_flags",
            "connection_security_policy");

    /** Label names of the TCP families. */
    public static final List<String> TCP = SIDES;

    /** Label names of the HTTP families. */
    public static final List<String> HTTP = Stream.concat(
                    SIDES.stream(),
                    Stream.of(
                            "response_code",
                            "grpc_response_status",
                            "permissive_response_code",
                            "permissive_response_policyid"))
            .toList();

    private IstioLabels() {}

    /** Values for {@link #HTTP}. */
    static LabelSet http(RequestRecord record) {
        List<String> values = sides(record);
        values.add(Integer.toString(record.getHttp().getResponseCode()));
        values.add(record.getHttp().getGrpcStatus());
        // No policy is tried in permissive mode: there is none to tell of.
        values.add(NONE);
        values.add(NONE);
        return new LabelSet(HTTP, values.toArray(String[]::new));
    }

    /** Values for {@link #TCP}. */
    static LabelSet tcp(RequestRecord record) {
        return new LabelSet(TCP, sides(record).toArray(String[]::new));
    }

    /** Where a record counts once there are too many series: only who reported is kept, so that totals stay right. */
    static LabelSet overflow(RequestRecord record, List<String> names) {
        String[] values = new String[names.size()];
        java.util.Arrays.fill(values, OVERFLOW);
        values[0] = reporter(record);
        return new LabelSet(names, values);
    }

    private static List<String> sides(RequestRecord record) {
        List<String> values = new ArrayList<>(HTTP.size());
        values.add(reporter(record));
        addPeer(values, record.getSource());
        addPeer(values, record.getDestination());
        ServiceName service = record.getService();
        values.add(known(service.getHost()));
        values.add(known(service.getName()));
        values.add(known(service.getNamespace()));
        values.add(known(record.getProtocol()));
        values.add(record.getResponseFlags().isEmpty() ? "-" : record.getResponseFlags());
        values.add(security(record));
        return values;
    }

    private static void addPeer(List<String> values, Peer peer) {
        values.add(known(peer.getWorkload()));
        values.add(known(peer.getNamespace()));
        values.add(known(peer.getPrincipal()));
        values.add(known(peer.getApp()));
        values.add(known(peer.getVersion()));
        values.add(known(peer.getCluster()));
        values.add(known(peer.getCanonicalService()));
        values.add(known(peer.getCanonicalRevision()));
    }

    private static String reporter(RequestRecord record) {
        return record.getReporter() == Reporter.DESTINATION ? "destination" : "source";
    }

    private static String security(RequestRecord record) {
        return switch (record.getSecurity()) {
            case MUTUAL_TLS -> "mutual_tls";
            case NONE -> NONE;
            case SECURITY_POLICY_UNKNOWN, UNRECOGNIZED -> UNKNOWN;
        };
    }

    /** A value, or that there is none. */
    static String known(String value) {
        return value.isEmpty() ? UNKNOWN : value;
    }
}

package io.flotilla.config.expression;

import java.util.Map;
import java.util.TreeMap;

/** The attributes of Istio 1.1: what the proxy reports, and what is known of pods. */
final class StandardAttributes {
    private static final Map<ExpressionType, String> NAMES = Map.of(
            ExpressionType.STRING,
            """
            origin.uid origin.user
            request.id request.host request.method request.path request.url_path request.reason request.referer
            request.scheme request.useragent request.api_key
            request.auth.principal request.auth.audiences request.auth.presenter request.auth.raw_claims
            response.grpc_status response.grpc_message
            source.uid source.user source.principal source.name source.namespace source.owner source.serviceAccount
            source.service source.services source.workload.uid source.workload.name source.workload.namespace
            destination.uid destination.user destination.principal destination.name destination.namespace
            destination.owner destination.serviceAccount destination.service
            destination.workload.uid destination.workload.name destination.workload.namespace
            destination.service.uid destination.service.name destination.service.namespace destination.service.host
            destination.container.name destination.container.image
            connection.event connection.id connection.requested_server_name
            context.protocol context.proxy_error_code context.reporter.kind context.reporter.uid
            api.service api.version api.operation api.protocol
            rbac.permissive.response_code rbac.permissive.effective_policy_id
            check.error_message
            """,
            ExpressionType.INT64,
            """
            request.size request.total_size response.code response.size response.total_size
            source.port destination.port
            connection.received.bytes connection.received.bytes_total
            connection.sent.bytes connection.sent.bytes_total
            check.error_code
            """,
            ExpressionType.BOOL,
            "connection.mtls context.reporter.local check.cache_hit quota.cache_hit",
            ExpressionType.TIMESTAMP,
            "request.time response.time context.time context.timestamp",
            ExpressionType.DURATION,
            "response.duration connection.duration",
            ExpressionType.IP_ADDRESS,
            "origin.ip source.ip destination.ip",
            ExpressionType.STRING_MAP,
            """
            request.headers request.query_params request.auth.claims response.headers
            source.labels source.metadata destination.labels destination.metadata
            """);

    private StandardAttributes() {}

    static Map<String, ExpressionType> all() {
        Map<String, ExpressionType> all = new TreeMap<>();
        NAMES.forEach((type, names) -> {
            for (String name : names.trim().split("\\s+", -1)) {
                all.put(name, type);
            }
        });
        return all;
    }
}

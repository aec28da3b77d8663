package io.flotilla.envoy.route;

import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig;
import io.flotilla.api.networking.v1alpha3.HTTPRetry;
import io.flotilla.envoy.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** When a request is sent again. */
final class Retries {
    /** Only failures before the server can have acted on the request. */
    private static final String CURRENT = "connect-failure,refused-stream,reset-before-request,unavailable,cancelled";

    /** As in 1.1: any 503 too. */
    private static final String CLASSIC =
            "connect-failure,refused-stream,unavailable,cancelled,resource-exhausted,retriable-status-codes";

    private static final int DEFAULT_ATTEMPTS = 2;
    private static final int CURRENT_HOST_ATTEMPTS = 5;
    private static final int CLASSIC_HOST_ATTEMPTS = 3;
    private static final int UNAVAILABLE = 503;

    /** After two tries the priorities, that is localities, that were tried are left out. */
    private static final RetryPolicy.RetryPriority OTHER_PRIORITIES = RetryPolicy.RetryPriority.newBuilder()
            .setName("envoy.retry_priorities.previous_priorities")
            .setTypedConfig(Wire.any(
                    PreviousPrioritiesConfig.newBuilder().setUpdateFrequency(2).build()))
            .build();

    private Retries() {}

    /** What holds where a rule says nothing: the mesh's own policy, else ours; empty where the mesh turns them off. */
    static Optional<RetryPolicy> standard(Standard mesh) {
        return mesh.retries()
                .map(retry -> of(retry, mesh.classic()))
                .orElseGet(() -> Optional.of(standard(mesh.classic())));
    }

    /** What holds where nobody says anything. */
    private static RetryPolicy standard(boolean classic) {
        RetryPolicy.Builder policy = base(classic).setNumRetries(Wire.number(DEFAULT_ATTEMPTS));
        return classic
                ? policy.setRetryOn(CLASSIC)
                        .addRetriableStatusCodes(UNAVAILABLE)
                        .build()
                : policy.setRetryOn(CURRENT).build();
    }

    /** A rule's own; empty where it turns retries off. */
    static Optional<RetryPolicy> of(HTTPRetry retry, boolean classic) {
        if (retry.getAttempts() <= 0) {
            return Optional.empty();
        }
        RetryPolicy.Builder policy = standard(classic).toBuilder().setNumRetries(Wire.number(retry.getAttempts()));
        if (!retry.getRetryOn().isEmpty()) {
            conditions(retry.getRetryOn(), policy);
        }
        if (retry.hasPerTryTimeout()) {
            policy.setPerTryTimeout(retry.getPerTryTimeout());
        }
        if (retry.hasBackoff()) {
            policy.setRetryBackOff(RetryPolicy.RetryBackOff.newBuilder().setBaseInterval(retry.getBackoff()));
        }
        if (retry.hasRetryIgnorePreviousHosts()
                && !retry.getRetryIgnorePreviousHosts().getValue()) {
            policy.clearRetryHostPredicate();
        }
        if (retry.getRetryRemoteLocalities().getValue()) {
            policy.setRetryPriority(OTHER_PRIORITIES);
        }
        return Optional.of(policy.build());
    }

    // Numbers among the conditions are status codes.
    private static void conditions(String retryOn, RetryPolicy.Builder policy) {
        List<String> names = new ArrayList<>();
        policy.clearRetriableStatusCodes();
        for (String condition : retryOn.split(",", -1)) {
            String trimmed = condition.strip();
            if (trimmed.matches("[1-5][0-9][0-9]")) {
                policy.addRetriableStatusCodes(Integer.parseInt(trimmed));
            } else if (!trimmed.isEmpty()) {
                names.add(trimmed);
            }
        }
        if (policy.getRetriableStatusCodesCount() > 0 && !names.contains("retriable-status-codes")) {
            names.add("retriable-status-codes");
        }
        policy.setRetryOn(String.join(",", names));
    }

    private static RetryPolicy.Builder base(boolean classic) {
        return RetryPolicy.newBuilder()
                .setHostSelectionRetryMaxAttempts(classic ? CLASSIC_HOST_ATTEMPTS : CURRENT_HOST_ATTEMPTS)
                .addRetryHostPredicate(RetryPolicy.RetryHostPredicate.newBuilder()
                        .setName("envoy.retry_host_predicates.previous_hosts")
                        .setTypedConfig(Wire.any(PreviousHostsPredicate.getDefaultInstance())));
    }
}

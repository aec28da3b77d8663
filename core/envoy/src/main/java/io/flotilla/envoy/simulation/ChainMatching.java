package io.flotilla.envoy.simulation;

import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilterChainMatchPredicate;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Envoy's choice of a filter chain (envoy.config.listener.v3.FilterChainMatch): one condition after the other, each time
 * only those stay that fit best, and there is no way back.
 */
final class ChainMatching {
    private static final int NO = -1;

    private final Listener listener;
    private final Call call;

    private ChainMatching(Listener listener, Call call) {
        this.listener = listener;
        this.call = call;
    }

    static Optional<FilterChain> choose(Listener listener, Call call) {
        ChainMatching matching = new ChainMatching(listener, call);
        List<FilterChain> left = listener.getFilterChainsList();
        left = matching.best(left, matching::port);
        left = matching.best(left, match -> range(match.getPrefixRangesList(), call.address()));
        left = matching.best(left, matching::serverName);
        left = matching.best(left, matching::transport);
        left = matching.best(left, matching::application);
        left = matching.best(
                left,
                match -> range(match.getSourcePrefixRangesList(), call.to().source()));
        return left.isEmpty()
                ? Optional.of(listener.getDefaultFilterChain()).filter(chain -> listener.hasDefaultFilterChain())
                : Optional.of(left.getFirst());
    }

    private List<FilterChain> best(List<FilterChain> chains, ToIntFunction<FilterChainMatch> rank) {
        int best = chains.stream()
                .mapToInt(chain -> rank.applyAsInt(chain.getFilterChainMatch()))
                .max()
                .orElse(NO);
        return chains.stream()
                .filter(chain -> best != NO && rank.applyAsInt(chain.getFilterChainMatch()) == best)
                .toList();
    }

    private int port(FilterChainMatch match) {
        if (!match.hasDestinationPort()) {
            return 0;
        }
        return match.getDestinationPort().getValue() == call.port() ? 1 : NO;
    }

    private int serverName(FilterChainMatch match) {
        if (match.getServerNamesCount() == 0) {
            return 0;
        }
        String sni = seen("tls_inspector") ? call.to().sni() : "";
        return match.getServerNamesList().stream()
                .mapToInt(name -> {
                    if (name.startsWith("*.")) {
                        return sni.endsWith(name.substring(1)) ? name.length() : NO;
                    }
                    return name.equals(sni) ? 1_000 : NO;
                })
                .max()
                .orElse(NO);
    }

    private int transport(FilterChainMatch match) {
        String detected = tls() ? "tls" : "raw_buffer";
        if (match.getTransportProtocol().isEmpty()) {
            return 0;
        }
        return match.getTransportProtocol().equals(detected) ? 1 : NO;
    }

    private int application(FilterChainMatch match) {
        if (match.getApplicationProtocolsCount() == 0) {
            return 0;
        }
        List<String> told = protocols();
        // What the client would rather speak holds before what the listener lists first.
        for (int i = 0; i < told.size(); i++) {
            if (match.getApplicationProtocolsList().contains(told.get(i))) {
                return told.size() - i;
            }
        }
        return NO;
    }

    private List<String> protocols() {
        if (tls()) {
            return call.to().alpn();
        }
        boolean http = seen("http_inspector") && !starts() && !call.method().isEmpty();
        return http ? List.of(call.http10() ? "http/1.0" : "http/1.1") : List.of();
    }

    private boolean tls() {
        return seen("tls_inspector") && starts();
    }

    private boolean starts() {
        return call.to().tls();
    }

    private boolean seen(String inspector) {
        return listener.getListenerFiltersList().stream()
                .anyMatch(filter -> filter.getName().endsWith(inspector)
                        && !(filter.hasFilterDisabled() && holds(filter.getFilterDisabled())));
    }

    private boolean holds(ListenerFilterChainMatchPredicate predicate) {
        return switch (predicate.getRuleCase()) {
            case OR_MATCH -> predicate.getOrMatch().getRulesList().stream().anyMatch(this::holds);
            case AND_MATCH -> predicate.getAndMatch().getRulesList().stream().allMatch(this::holds);
            case NOT_MATCH -> !holds(predicate.getNotMatch());
            case ANY_MATCH -> predicate.getAnyMatch();
            case DESTINATION_PORT_RANGE ->
                call.port() >= predicate.getDestinationPortRange().getStart()
                        && call.port() < predicate.getDestinationPortRange().getEnd();
            case RULE_NOT_SET -> false;
        };
    }

    private static int range(List<CidrRange> ranges, String address) {
        if (ranges.isEmpty()) {
            return 0;
        }
        return ranges.stream()
                .filter(range -> Ranges.contains(range, address))
                .mapToInt(range -> 1 + range.getPrefixLen().getValue())
                .max()
                .orElse(NO);
    }
}

package io.flotilla.envoy.route;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.flotilla.api.networking.v1alpha3.Headers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Headers that a rule sets, adds or removes. */
final class HeaderOperations {
    private HeaderOperations() {}

    /** What is set replaces, what is added comes beside; sorted by name. The host is not a header here. */
    static List<HeaderValueOption> changes(Headers.HeaderOperations operations) {
        return Stream.concat(
                        entries(operations.getSetMap())
                                .filter(entry -> !isHost(entry.getKey()))
                                .map(entry ->
                                        option(entry, HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)),
                        entries(operations.getAddMap())
                                .map(entry ->
                                        option(entry, HeaderValueOption.HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)))
                .toList();
    }

    /** Names that are removed; Envoy refuses the host and what starts with a colon. */
    static List<String> removals(Headers.HeaderOperations operations) {
        return operations.getRemoveList().stream()
                .filter(name -> !isHost(name) && !name.startsWith(":"))
                .toList();
    }

    /** A host that the rule sets as a header. */
    static Optional<String> host(Headers.HeaderOperations operations) {
        return entries(operations.getSetMap())
                .filter(entry -> isHost(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static Stream<Map.Entry<String, String>> entries(Map<String, String> map) {
        return new TreeMap<>(map).entrySet().stream();
    }

    private static boolean isHost(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.equals("host") || lower.equals(":authority");
    }

    private static HeaderValueOption option(
            Map.Entry<String, String> entry, HeaderValueOption.HeaderAppendAction action) {
        return HeaderValueOption.newBuilder()
                .setAppendAction(action)
                .setHeader(HeaderValue.newBuilder().setKey(entry.getKey()).setValue(entry.getValue()))
                .build();
    }
}

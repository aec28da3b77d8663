package io.flotilla.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.envoy.ResourceType;
import io.flotilla.envoy.dump.Comparison;
import io.flotilla.envoy.dump.ConfigDump;
import io.flotilla.envoy.dump.Difference;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What Pilot tells a proxy, beside what that proxy's Envoy has.
 *
 * @param all sorted by type and name
 */
record ProxyDifferences(List<Difference> all) {
    /**
     * Compares two dumps.
     *
     * @param told  of Pilot's page
     * @param held  of Envoy
     * @param whose as a message names where that is from
     */
    static ProxyDifferences of(String told, String held, String whose) {
        return new ProxyDifferences(Comparison.between(read(told, "pilot's page"), read(held, whose)));
    }

    private static ConfigDump read(String dump, String whose) {
        try {
            return ConfigDump.parse(dump);
        } catch (InvalidProtocolBufferException e) {
            throw CommandFailure.couldNotRun(whose + " cannot be read: " + e.getMessage());
        }
    }

    /**
     * Whether Envoy has what Pilot tells, no more, and in force. What only a draining listener still uses is no more:
     * Envoy keeps a filter's configuration until the listener's last connection is gone.
     */
    boolean none() {
        return all.stream().allMatch(ProxyDifferences::drains);
    }

    private static boolean drains(Difference difference) {
        return difference.type() == ResourceType.EXTENSION && difference.kind() == Difference.Kind.NOT_TOLD;
    }

    /** A line for each type that matches, and the differences of the others. */
    void print(PrintWriter out) {
        for (ResourceType type : Comparison.order()) {
            List<Difference> of =
                    all.stream().filter(each -> each.type() == type).toList();
            out.println(plural(type) + (of.stream().allMatch(ProxyDifferences::drains) ? " Match" : " Don't Match"));
            of.forEach(difference -> print(difference, out));
        }
    }

    private static void print(Difference difference, PrintWriter out) {
        String what = difference.type().name().toLowerCase(java.util.Locale.ROOT) + " " + difference.name();
        if (difference.kind() != Difference.Kind.OTHER) {
            out.println("  " + what + ": "
                    + (drains(difference)
                            ? "Envoy keeps it for a listener that drains, Pilot does not tell of it any more"
                            : text(difference.kind())));
            return;
        }
        out.println("--- Pilot " + what);
        out.println("+++ Envoy " + what);
        difference.lines().forEach(out::println);
    }

    private static String text(Difference.Kind kind) {
        return switch (kind) {
            case NOT_HELD -> "Envoy does not have it";
            case NOT_TOLD -> "Envoy still has it, Pilot does not tell of it any more";
            case OTHER -> "Envoy has another content";
            case WARMING -> "Envoy has it, but not in force: it waits for a secret or for endpoints";
        };
    }

    private static String plural(ResourceType type) {
        return switch (type) {
            case CLUSTER -> "Clusters";
            case LISTENER -> "Listeners";
            case ROUTE -> "Routes";
            case ENDPOINT -> "Endpoints";
            case EXTENSION -> "Extensions";
        };
    }

    private static String code(ResourceType type) {
        return switch (type) {
            case CLUSTER -> "CDS";
            case LISTENER -> "LDS";
            case ROUTE -> "RDS";
            case ENDPOINT -> "EDS";
            case EXTENSION -> "ECDS";
        };
    }

    /** The proxy's object of Pilot's page, with "differences": each "type", "name", "what" and the lines of "diff". */
    Map<String, Object> in(JsonNode proxy) {
        Map<String, Object> with = new LinkedHashMap<>();
        proxy.properties().forEach(field -> with.put(field.getKey(), field.getValue()));
        with.put(
                "differences",
                all.stream()
                        .map(each -> {
                            Map<String, Object> one = new LinkedHashMap<>();
                            one.put("type", code(each.type()));
                            one.put("name", each.name());
                            one.put("what", each.kind().name());
                            one.put("diff", each.lines());
                            return one;
                        })
                        .toList());
        return with;
    }
}

package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.Destination;
import io.flotilla.api.networking.v1alpha3.HTTPRouteDestination;
import io.flotilla.api.networking.v1alpha3.RouteDestination;
import io.flotilla.config.schema.FieldPath;
import java.util.List;

/** Where routes lead, and in which shares. */
final class DestinationRules {
    private final Check check;

    DestinationRules(Check check) {
        this.check = check;
    }

    void http(List<HTTPRouteDestination> destinations, FieldPath at) {
        for (int i = 0; i < destinations.size(); i++) {
            HTTPRouteDestination each = destinations.get(i);
            one(each.hasDestination(), each.getDestination(), at.item(i));
            weight(each.getWeight(), at.item(i));
        }
        sum(destinations.stream().map(HTTPRouteDestination::getWeight).toList(), at);
    }

    void l4(List<RouteDestination> destinations, FieldPath at) {
        check.require(!destinations.isEmpty(), "FL0114", at, "is required");
        for (int i = 0; i < destinations.size(); i++) {
            RouteDestination each = destinations.get(i);
            one(each.hasDestination(), each.getDestination(), at.item(i));
            weight(each.getWeight(), at.item(i));
        }
        sum(destinations.stream().map(RouteDestination::getWeight).toList(), at);
    }

    private void one(boolean given, Destination destination, FieldPath at) {
        if (given) {
            destination(destination, at.field("destination"));
        } else {
            check.error("FL0113", at.field("destination"), "is required");
        }
    }

    void destination(Destination destination, FieldPath at) {
        String host = destination.getHost();
        if (host.isEmpty()) {
            check.error("FL0113", at.field("host"), "is required");
        } else if (host.equals("*")) {
            check.error("FL0113", at.field("host"), "\"*\" is no destination");
        } else {
            check.require(Names.isWildcardHost(host), "FL0113", at.field("host"), "\"" + host + "\" is no host name");
        }
        if (!destination.getSubset().isEmpty()) {
            check.require(
                    Names.isLabel(destination.getSubset()),
                    "FL0113",
                    at.field("subset"),
                    "\"" + destination.getSubset() + "\" is no subset name");
        }
        if (destination.hasPort()) {
            check.port(destination.getPort().getNumber(), at.field("port").field("number"));
        }
    }

    private void weight(int weight, FieldPath at) {
        FieldPath place = at.field("weight");
        if (weight < 0) {
            check.error("FL0105", place, "must not be negative, not " + weight);
        } else if (check.classic() && weight > 100) {
            check.error("FL0105", place, "must be between 0 and 100, not " + weight);
        }
    }

    /** Shares of several destinations: of a hundred in classic Istio, of whatever they sum to today. */
    private void sum(List<Integer> weights, FieldPath at) {
        if (weights.size() < 2 || weights.stream().anyMatch(weight -> weight < 0)) {
            return;
        }
        long sum = weights.stream().mapToLong(Integer::longValue).sum();
        if (check.classic() && sum != 100) {
            check.error("FL0105", at, "weights sum to " + sum + ", not 100");
        } else if (sum == 0) {
            check.error("FL0105", at, "all weights are 0, so no destination gets anything");
        } else if (sum > 0xFFFF_FFFFL) {
            check.error("FL0105", at, "weights sum to " + sum + ", which is more than a proxy can count");
        } else if (sum != 100) {
            check.warning(
                    "FL0105", at, "weights sum to " + sum + ", not 100: each destination gets its share of " + sum);
        }
    }
}

package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.LoadBalancerSettings;
import io.flotilla.api.networking.v1alpha3.LoadBalancerSettings.ConsistentHashLB;
import io.flotilla.api.networking.v1alpha3.LocalityLoadBalancerSetting;
import io.flotilla.api.networking.v1alpha3.LocalityLoadBalancerSetting.Distribute;
import io.flotilla.api.networking.v1alpha3.WarmupConfiguration;
import io.flotilla.api.networking.v1alpha3.ZoneAwareLoadBalancerSetting;
import io.flotilla.config.schema.FieldPath;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** How an endpoint is chosen. */
final class LoadBalancerRules {
    private static final String CODE = "FL0204";
    private static final Set<String> TOPOLOGY =
            Set.of("topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone");

    private final Check check;

    LoadBalancerRules(Check check) {
        this.check = check;
    }

    @SuppressWarnings("deprecation") // old objects have "warmupDurationSecs"
    void check(LoadBalancerSettings balancer, FieldPath at) {
        if (balancer.hasWarmup()) {
            warmup(balancer.getWarmup(), at.field("warmup"));
            check.require(
                    !balancer.hasWarmupDurationSecs(),
                    CODE,
                    at.field("warmupDurationSecs"),
                    "cannot be given together with \"warmup\"");
        }
        if (balancer.hasWarmupDurationSecs()) {
            check.duration(balancer.getWarmupDurationSecs(), at.field("warmupDurationSecs"));
        }
        if (balancer.hasZoneAwareLbSetting()) {
            zones(balancer.getZoneAwareLbSetting(), at.field("zoneAwareLbSetting"));
            check.require(
                    !balancer.hasLocalityLbSetting(),
                    CODE,
                    at.field("zoneAwareLbSetting"),
                    "cannot be given together with \"localityLbSetting\"");
        }
        if (balancer.hasConsistentHash()) {
            hash(balancer.getConsistentHash(), at.field("consistentHash"));
        }
        if (balancer.hasLocalityLbSetting()) {
            locality(balancer.getLocalityLbSetting(), at.field("localityLbSetting"));
        }
    }

    private void warmup(WarmupConfiguration warmup, FieldPath at) {
        check.duration(warmup.getDuration(), at.field("duration"));
        check.percent(warmup.getMinimumPercent().getValue(), at.field("minimumPercent"));
        check.require(
                !warmup.hasAggression() || warmup.getAggression().getValue() >= 1,
                CODE,
                at.field("aggression"),
                "must be at least 1, not " + warmup.getAggression().getValue());
    }

    void zones(ZoneAwareLoadBalancerSetting setting, FieldPath at) {
        check.require(
                !setting.hasMinClusterSize() || setting.getMinClusterSize().getValue() != 0,
                CODE,
                at.field("minClusterSize"),
                "must be at least 1");
        for (int i = 0; i < setting.getFailoverCount(); i++) {
            regions(
                    setting.getFailover(i).getFrom(),
                    setting.getFailover(i).getTo(),
                    at.field("failover").item(i));
        }
    }

    private void regions(String from, String to, FieldPath at) {
        check.require(!from.equals(to), CODE, at, "from and to are the same region");
        boolean plain = !from.contains("/") && !to.contains("/") && !from.contains("*") && !to.contains("*");
        check.require(plain, CODE, at, "from and to are regions, without zone and without \"*\"");
    }

    private void hash(ConsistentHashLB hash, FieldPath at) {
        switch (hash.getHashKeyCase()) {
            case HASHKEY_NOT_SET ->
                check.error(CODE, at, "needs httpHeaderName, httpCookie, useSourceIp or httpQueryParameterName");
            case HTTP_HEADER_NAME -> check.headerName(hash.getHttpHeaderName(), CODE, at.field("httpHeaderName"));
            case HTTP_QUERY_PARAMETER_NAME ->
                check.require(
                        !hash.getHttpQueryParameterName().isEmpty(),
                        CODE,
                        at.field("httpQueryParameterName"),
                        "must not be empty");
            case HTTP_COOKIE -> cookie(hash.getHttpCookie(), at.field("httpCookie"));
            case USE_SOURCE_IP -> {
                // A truth value cannot be wrong.
            }
        }
    }

    private void cookie(ConsistentHashLB.HTTPCookie cookie, FieldPath at) {
        check.require(!cookie.getName().isEmpty(), CODE, at.field("name"), "is required");
        if (!cookie.hasTtl() && check.classic()) {
            check.error(CODE, at.field("ttl"), "is required");
        } else if (cookie.getTtl().getSeconds() < 0 || cookie.getTtl().getNanos() < 0) {
            check.error(CODE, at.field("ttl"), "must not be negative");
        }
    }

    void locality(LocalityLoadBalancerSetting setting, FieldPath at) {
        boolean failover = setting.getFailoverCount() > 0;
        check.require(
                !failover || setting.getDistributeCount() == 0, CODE, at, "takes distribute or failover, not both");
        for (String label : setting.getFailoverPriorityList()) {
            check.require(
                    !failover || !TOPOLOGY.contains(label),
                    CODE,
                    at.field("failoverPriority"),
                    "\"" + label + "\" and failover say both where to go next; leave one out");
        }
        List<String> sources =
                setting.getDistributeList().stream().map(Distribute::getFrom).toList();
        apart(sources, at.field("distribute"));
        for (int i = 0; i < setting.getDistributeCount(); i++) {
            distribute(setting.getDistribute(i), at.field("distribute").item(i));
        }
        for (int i = 0; i < setting.getFailoverCount(); i++) {
            regions(
                    setting.getFailover(i).getFrom(),
                    setting.getFailover(i).getTo(),
                    at.field("failover").item(i));
        }
    }

    /** Localities of which none is empty, has a wildcard elsewhere than at its end, or holds another. */
    private void apart(Collection<String> localities, FieldPath at) {
        Set<String> seen = new HashSet<>();
        Set<String> above = new HashSet<>();
        for (String locality : localities) {
            String whole = locality.endsWith("/*") ? locality.substring(0, locality.length() - 2) : locality;
            boolean wildcard = whole.contains("*") && !whole.equals("*");
            boolean empty = Arrays.asList(whole.split("/", -1)).contains("");
            if (wildcard || empty) {
                check.error(
                        CODE,
                        at,
                        "\"" + locality + "\" is no locality: REGION, REGION/ZONE or REGION/ZONE/SUBZONE,"
                                + " or \"*\" in the place of the last");
                continue;
            }
            boolean overlaps = seen.contains("*") || (whole.equals("*") && !seen.isEmpty()) || above.contains(whole);
            for (int slash = whole.length(); slash > 0; slash = whole.lastIndexOf('/', slash - 1)) {
                overlaps |= seen.contains(whole.substring(0, slash));
                above.add(whole.substring(0, slash));
            }
            seen.add(whole);
            check.require(!overlaps, CODE, at, "\"" + locality + "\" overlaps with another locality");
        }
    }

    private void distribute(Distribute distribute, FieldPath at) {
        apart(new TreeSet<>(distribute.getToMap().keySet()), at.field("to"));
        long sum = 0;
        for (int weight : distribute.getToMap().values()) {
            check.require(weight > 0 && weight <= 100, CODE, at.field("to"), "weights are between 1 and 100");
            sum += weight;
        }
        check.require(sum == 100, CODE, at.field("to"), "weights sum to " + sum + ", not 100");
    }
}

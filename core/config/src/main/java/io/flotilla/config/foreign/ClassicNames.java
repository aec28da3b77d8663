package io.flotilla.config.foreign;

import io.flotilla.config.model.Kind;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The collections of the classic protocol, by the names that Galley of Istio 1.1 gives them. */
public final class ClassicNames {
    private static final String NETWORKING = "networking.istio.io";
    private static final String AUTHENTICATION = "authentication.istio.io";
    private static final String RBAC = "rbac.istio.io";
    private static final String CONFIG = "config.istio.io";

    /** Kinds of adapters and templates from before "handler" and "instance", by their collections' last word. */
    private static final Map<String, String> LEGACY = Map.ofEntries(
            Map.entry("apikeys", "apikey"),
            Map.entry("authorizations", "authorization"),
            Map.entry("bypasses", "bypass"),
            Map.entry("checknothings", "checknothing"),
            Map.entry("circonuses", "circonus"),
            Map.entry("cloudwatches", "cloudwatch"),
            Map.entry("deniers", "denier"),
            Map.entry("dogstatsds", "dogstatsd"),
            Map.entry("edges", "edge"),
            Map.entry("fluentds", "fluentd"),
            Map.entry("kubernetesenvs", "kubernetesenv"),
            Map.entry("kuberneteses", "kubernetes"),
            Map.entry("listcheckers", "listchecker"),
            Map.entry("listentries", "listentry"),
            Map.entry("logentries", "logentry"),
            Map.entry("memquotas", "memquota"),
            Map.entry("metrics", "metric"),
            Map.entry("noops", "noop"),
            Map.entry("opas", "opa"),
            Map.entry("prometheuses", "prometheus"),
            Map.entry("quotas", "quota"),
            Map.entry("rbacs", "rbac"),
            Map.entry("redisquotas", "redisquota"),
            Map.entry("reportnothings", "reportnothing"),
            Map.entry("signalfxs", "signalfx"),
            Map.entry("solarwindses", "solarwinds"),
            Map.entry("stackdrivers", "stackdriver"),
            Map.entry("statsds", "statsd"),
            Map.entry("stdios", "stdio"),
            Map.entry("tracespans", "tracespan"),
            Map.entry("zipkins", "zipkin"));

    private static final Map<String, Kind> BY_NAME = byName();

    private ClassicNames() {}

    /** Every collection and the kind of its objects. */
    public static Map<String, Kind> all() {
        return BY_NAME;
    }

    /** The names of all collections. */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    private static Map<String, Kind> byName() {
        Map<String, Kind> names = new TreeMap<>();
        names.put("istio/authentication/v1alpha1/policies", new Kind(AUTHENTICATION, "Policy"));
        names.put("istio/authentication/v1alpha1/meshpolicies", new Kind(AUTHENTICATION, "MeshPolicy"));
        names.put("istio/config/v1alpha2/adapters", new Kind(CONFIG, "adapter"));
        names.put("istio/config/v1alpha2/templates", new Kind(CONFIG, "template"));
        names.put("istio/config/v1alpha2/httpapispecs", new Kind(CONFIG, "HTTPAPISpec"));
        names.put("istio/config/v1alpha2/httpapispecbindings", new Kind(CONFIG, "HTTPAPISpecBinding"));
        names.put("istio/mixer/v1/config/client/quotaspecs", new Kind(CONFIG, "QuotaSpec"));
        names.put("istio/mixer/v1/config/client/quotaspecbindings", new Kind(CONFIG, "QuotaSpecBinding"));
        names.put("istio/networking/v1alpha3/destinationrules", new Kind(NETWORKING, "DestinationRule"));
        names.put("istio/networking/v1alpha3/envoyfilters", new Kind(NETWORKING, "EnvoyFilter"));
        names.put("istio/networking/v1alpha3/gateways", new Kind(NETWORKING, "Gateway"));
        names.put("istio/networking/v1alpha3/serviceentries", new Kind(NETWORKING, "ServiceEntry"));
        names.put("istio/networking/v1alpha3/sidecars", new Kind(NETWORKING, "Sidecar"));
        names.put("istio/networking/v1alpha3/virtualservices", new Kind(NETWORKING, "VirtualService"));
        names.put("istio/policy/v1beta1/attributemanifests", new Kind(CONFIG, "attributemanifest"));
        names.put("istio/policy/v1beta1/handlers", new Kind(CONFIG, "handler"));
        names.put("istio/policy/v1beta1/instances", new Kind(CONFIG, "instance"));
        names.put("istio/policy/v1beta1/rules", new Kind(CONFIG, "rule"));
        names.put("istio/rbac/v1alpha1/clusterrbacconfigs", new Kind(RBAC, "ClusterRbacConfig"));
        names.put("istio/rbac/v1alpha1/rbacconfigs", new Kind(RBAC, "RbacConfig"));
        names.put("istio/rbac/v1alpha1/serviceroles", new Kind(RBAC, "ServiceRole"));
        names.put("istio/rbac/v1alpha1/servicerolebindings", new Kind(RBAC, "ServiceRoleBinding"));
        LEGACY.forEach((word, kind) -> names.put("istio/config/v1alpha2/legacy/" + word, new Kind(CONFIG, kind)));
        return java.util.Collections.unmodifiableMap(names);
    }
}

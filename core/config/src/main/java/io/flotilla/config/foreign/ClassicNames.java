package io.flotilla.config.foreign;

import io.flotilla.config.model.Kind;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The collections of the classic protocol, by the names that Galley of Istio 1.1 gives them. */
public final class ClassicNames {
    private static final String NETWORKING = "networking.istio.io";
    private static final String AUTHENTICATION = "authentication.istio.io";
    private static final String RBAC = "rbac.istio.io";
    private static final String CONFIG = "config.istio.io";
    private static final String ADAPTERS = "istio/config/v1alpha2/adapters";
    private static final String TEMPLATES = "istio/config/v1alpha2/templates";
    private static final String UNTYPED_PREFIX = "istio/config/v1alpha2/legacy/";

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

    /** What readers of 1.1 ask for and no Galley of ours has: what is asked for and unknown would end their stream. */
    private static final Set<String> EMPTY = Set.of(
            "istio/config/v1alpha2/legacy/servicecontrols",
            "istio/config/v1alpha2/legacy/servicecontrolreports",
            "istio/networking/v1alpha3/synthetic/serviceentries",
            "k8s/core/v1/endpoints",
            "k8s/core/v1/namespaces",
            "k8s/core/v1/nodes",
            "k8s/core/v1/pods",
            "k8s/core/v1/services",
            "k8s/extensions/v1beta1/ingresses");

    private static final Map<String, Kind> FIRST_RELEASE = firstRelease();
    private static final Map<String, Kind> BY_NAME = byName();

    private ClassicNames() {}

    /** Every collection with content, and the kind of its objects. */
    public static Map<String, Kind> all() {
        return BY_NAME;
    }

    /** Those of 1.1, which a server of any release has: another one would end the stream of whoever asks for more. */
    public static Map<String, Kind> ofFirstRelease() {
        return FIRST_RELEASE;
    }

    /** A collection whose bodies are google.protobuf.Struct: what stands in "spec", of a kind of Mixer's. */
    public static boolean untyped(String collection) {
        return collection.startsWith(UNTYPED_PREFIX) || collection.equals(ADAPTERS) || collection.equals(TEMPLATES);
    }

    /** The names of all collections that are answered. */
    public static Set<String> names() {
        Set<String> names = new TreeSet<>(BY_NAME.keySet());
        names.addAll(EMPTY);
        return names;
    }

    private static Map<String, Kind> byName() {
        Map<String, Kind> names = new TreeMap<>(FIRST_RELEASE);
        names.put("istio/networking/v1alpha3/workloadentries", Kind.WORKLOAD_ENTRY);
        names.put("istio/rbac/v1alpha1/authorizationpolicies", Kind.CLASSIC_AUTHORIZATION_POLICY);
        names.put("istio/security/v1beta1/authorizationpolicies", Kind.AUTHORIZATION_POLICY);
        names.put("istio/security/v1beta1/peerauthentications", Kind.PEER_AUTHENTICATION);
        names.put("istio/security/v1beta1/requestauthentications", Kind.REQUEST_AUTHENTICATION);
        return java.util.Collections.unmodifiableMap(names);
    }

    private static Map<String, Kind> firstRelease() {
        Map<String, Kind> names = new TreeMap<>();
        names.put("istio/authentication/v1alpha1/policies", new Kind(AUTHENTICATION, "Policy"));
        names.put("istio/authentication/v1alpha1/meshpolicies", new Kind(AUTHENTICATION, "MeshPolicy"));
        names.put(ADAPTERS, new Kind(CONFIG, "adapter"));
        names.put(TEMPLATES, new Kind(CONFIG, "template"));
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
        LEGACY.forEach((word, kind) -> names.put(UNTYPED_PREFIX + word, new Kind(CONFIG, kind)));
        return java.util.Collections.unmodifiableMap(names);
    }
}

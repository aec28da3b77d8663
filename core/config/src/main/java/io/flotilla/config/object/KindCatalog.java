package io.flotilla.config.object;

import com.google.protobuf.Message;
import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.api.security.v1beta1.PeerAuthentication;
import io.flotilla.config.model.Kind;
import io.flotilla.config.object.KindInfo.Shape;
import io.flotilla.config.schema.Spelling;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** All kinds, under every API version in which they are written. */
public final class KindCatalog {
    private static final Map<String, KindInfo> BY_TYPE = new TreeMap<>();

    private static final String[] ISTIO_VERSIONS = {"v1alpha3", "v1beta1", "v1"};

    static {
        istio(Kind.VIRTUAL_SERVICE, VirtualService.getDefaultInstance(), ISTIO_VERSIONS);
        istio(Kind.DESTINATION_RULE, DestinationRule.getDefaultInstance(), ISTIO_VERSIONS);
        istio(Kind.GATEWAY, Gateway.getDefaultInstance(), ISTIO_VERSIONS);
        istio(Kind.SERVICE_ENTRY, ServiceEntry.getDefaultInstance(), ISTIO_VERSIONS);
        istio(Kind.PEER_AUTHENTICATION, PeerAuthentication.getDefaultInstance(), "v1beta1", "v1");
        istio(Kind.POLICY, Policy.getDefaultInstance(), "v1alpha1");
        add(
                new KindInfo(Kind.MESH_POLICY, false, new Shape.Spec(Policy.getDefaultInstance())),
                Kind.MESH_POLICY.group(),
                "v1alpha1");

        manifest(Kind.SERVICE, true, "v1");
        manifest(Kind.ENDPOINTS, true, "v1");
        manifest(Kind.POD, true, "v1");
        manifest(Kind.SERVICE_ACCOUNT, true, "v1");
        manifest(Kind.CONFIG_MAP, true, "v1");
        manifest(Kind.NODE, false, "v1");
        manifest(Kind.NAMESPACE, false, "v1");
        manifest(Kind.ENDPOINT_SLICE, true, "v1", "v1beta1");
        for (Kind kind : new Kind[] {Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.DAEMON_SET, Kind.REPLICA_SET}) {
            manifest(kind, true, "v1", "v1beta1", "v1beta2");
            add(new KindInfo(kind, true, new Shape.Manifest()), "extensions", "v1beta1");
        }
        LaterKinds.list()
                .forEach(later -> add(
                        new KindInfo(new Kind(later.group(), later.name()), later.namespaced(), new Shape.NotYet()),
                        later.group(),
                        later.versions().toArray(String[]::new)));
    }

    private KindCatalog() {}

    /** The kind of an object that says so in "apiVersion" and "kind". */
    public static Optional<KindInfo> find(String apiVersion, String kind) {
        return Optional.ofNullable(BY_TYPE.get(apiVersion + "/" + kind));
    }

    /** The kind whatever the version, by group and name. */
    public static Optional<KindInfo> find(Kind kind) {
        return BY_TYPE.values().stream()
                .filter(info -> info.kind().equals(kind))
                .findFirst();
    }

    /** All kinds, each once, sorted. */
    public static Collection<KindInfo> all() {
        Map<String, KindInfo> kinds = new TreeMap<>();
        BY_TYPE.values().forEach(info -> kinds.putIfAbsent(info.kind().toString(), info));
        return kinds.values();
    }

    /** Why nothing is known under this name: the known versions of the kind, or the nearest kind. */
    static String explainUnknown(String apiVersion, String kind) {
        Collection<String> versions = new TreeSet<>();
        Collection<String> names = new TreeSet<>();
        for (String type : BY_TYPE.keySet()) {
            int slash = type.lastIndexOf('/');
            names.add(type.substring(slash + 1));
            if (type.substring(slash + 1).equals(kind)
                    && group(type.substring(0, slash)).equals(group(apiVersion))) {
                versions.add(type.substring(0, slash));
            }
        }
        if (!versions.isEmpty()) {
            return "unknown version \"" + apiVersion + "\" of kind " + kind + "; known are "
                    + String.join(", ", versions);
        }
        return "unknown kind \"" + kind + "\" in \"" + apiVersion + "\"" + Spelling.suggestion(kind, names);
    }

    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    private static void istio(Kind kind, Message prototype, String... versions) {
        add(new KindInfo(kind, true, new Shape.Spec(prototype)), kind.group(), versions);
    }

    private static void manifest(Kind kind, boolean namespaced, String... versions) {
        add(new KindInfo(kind, namespaced, new Shape.Manifest()), kind.group(), versions);
    }

    private static void add(KindInfo info, String group, String... versions) {
        Arrays.stream(versions)
                .map(version -> group.isEmpty() ? version : group + "/" + version)
                .forEach(
                        apiVersion -> BY_TYPE.put(apiVersion + "/" + info.kind().name(), info));
    }
}

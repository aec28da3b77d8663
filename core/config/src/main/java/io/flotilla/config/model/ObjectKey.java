package io.flotilla.config.model;

import java.util.Comparator;

/**
 * Names one object of configuration, whatever version it was written in.
 *
 * @param cluster the cluster it came from, empty for the local one
 * @param kind    the kind, independent of the version
 * @param namespace empty for kinds without namespace
 * @param name    the object's name
 */
public record ObjectKey(String cluster, Kind kind, String namespace, String name) implements Comparable<ObjectKey> {
    private static final Comparator<ObjectKey> ORDER = Comparator.comparing(ObjectKey::kind)
            .thenComparing(ObjectKey::namespace)
            .thenComparing(ObjectKey::name)
            .thenComparing(ObjectKey::cluster);

    /** A key in the local cluster. */
    public static ObjectKey of(Kind kind, String namespace, String name) {
        return new ObjectKey("", kind, namespace, name);
    }

    /** The resource name on the wire: "NAMESPACE/NAME", or "NAME". */
    public String resourceName() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    @Override
    public int compareTo(ObjectKey other) {
        return ORDER.compare(this, other);
    }

    /** "VirtualService default/reviews", as messages name objects. */
    @Override
    public String toString() {
        return kind.name() + " " + resourceName();
    }
}

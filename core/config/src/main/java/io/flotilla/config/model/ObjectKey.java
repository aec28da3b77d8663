package io.flotilla.config.model;

import org.jspecify.annotations.Nullable;

/**
 * Names one object of configuration, whatever version it was written in.
 *
 * @param cluster the cluster it came from, empty for the local one
 * @param kind    the kind, independent of the version
 * @param namespace empty for kinds without namespace
 * @param name    the object's name
 */
public record ObjectKey(String cluster, Kind kind, String namespace, String name) implements Comparable<ObjectKey> {
    /** A key in the local cluster. */
    public static ObjectKey of(Kind kind, String namespace, String name) {
        return new ObjectKey("", kind, namespace, name);
    }

    /** The resource name on the wire: "NAMESPACE/NAME", or "NAME". */
    public String resourceName() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    // Sorted trees of all objects compare and find by keys: written out, since chains of comparators and what records
    // do by themselves cost several times as much where only the quick compiler runs.
    @Override
    public int compareTo(ObjectKey other) {
        int order = kind.compareTo(other.kind);
        if (order == 0) {
            order = namespace.compareTo(other.namespace);
        }
        if (order == 0) {
            order = name.compareTo(other.name);
        }
        return order == 0 ? cluster.compareTo(other.cluster) : order;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof ObjectKey key
                        && name.equals(key.name)
                        && namespace.equals(key.namespace)
                        && kind.equals(key.kind)
                        && cluster.equals(key.cluster));
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * name.hashCode() + namespace.hashCode()) + kind.hashCode()) + cluster.hashCode();
    }

    /** "VirtualService default/reviews", as messages name objects. */
    @Override
    public String toString() {
        return kind.name() + " " + resourceName();
    }
}

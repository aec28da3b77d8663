package io.flotilla.galley.kubernetes;

import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Objects that are listed and watched together.
 *
 * @param kind       theirs
 * @param version    in which they are read
 * @param plural     as it stands in paths; empty where the cluster does not serve the kind (any more)
 * @param namespaced the kind has namespaces
 * @param only       one object alone; {@link Only#ALL}: all of the kind
 */
record Target(Kind kind, String version, String plural, boolean namespaced, Only only) {
    /** The name of one object; empty strings stand for any. */
    record Only(String namespace, String name) {
        static final Only ALL = new Only("", "");
    }

    /** A kind that was read once, and that the cluster does not serve now. */
    static Target unserved(Kind kind) {
        return new Target(kind, "", "", true, Only.ALL);
    }

    boolean served() {
        return !plural.isEmpty();
    }

    /** Tells targets apart: "virtualservices.networking.istio.io", and the name where it is one object. */
    String id() {
        return kind + (only.equals(Only.ALL) ? "" : "/" + only.namespace() + "/" + only.name());
    }

    String apiVersion() {
        return kind.group().isEmpty() ? version : kind.group() + "/" + version;
    }

    /** Path of the collection, with the query that every request has. */
    String path() {
        String root = kind.group().isEmpty() ? "/api/" : "/apis/";
        String in = only.namespace().isEmpty() ? "" : "/namespaces/" + only.namespace();
        String path = root + apiVersion() + in + "/" + plural;
        return only.name().isEmpty()
                ? path + "?"
                : path + "?fieldSelector=" + URLEncoder.encode("metadata.name=" + only.name(), StandardCharsets.UTF_8)
                        + "&";
    }

    /** Path of one object. */
    String path(ObjectKey object) {
        String root = kind.group().isEmpty() ? "/api/" : "/apis/";
        String in = object.namespace().isEmpty() ? "" : "/namespaces/" + object.namespace();
        return root + apiVersion() + in + "/" + plural + "/" + object.name();
    }

    /** The document of an object. */
    String document(String namespace, String name) {
        return prefix() + (namespace.isEmpty() ? name : namespace + "/" + name);
    }

    /** The document is of an object of this target. */
    boolean owns(String document) {
        return only.equals(Only.ALL)
                ? document.startsWith(prefix())
                : document.equals(document(only.namespace(), only.name()));
    }

    private String prefix() {
        return DocumentNames.ROOT + (kind.group().isEmpty() ? "core" : kind.group()) + "/" + kind.name() + "/";
    }
}

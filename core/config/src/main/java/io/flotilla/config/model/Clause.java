package io.flotilla.config.model;

/**
 * A place in an object that decides something.
 *
 * @param object which object
 * @param path   of the field, "spec.rules[0]"; empty for the whole object
 */
public record Clause(ObjectKey object, String path) {
    /** "AuthorizationPolicy shop/refuse spec.rules[0]". */
    @Override
    public String toString() {
        return path.isEmpty() ? object.toString() : object + " " + path;
    }
}

package io.flotilla.config.ownership;

import io.flotilla.config.model.Origin;

/**
 * A namespace says that a host is its own.
 *
 * @param namespace that owns
 * @param host      a full host name, lower case, maybe with a leading wildcard
 * @param origin    where it says so; {@link Origin#NONE} for the mesh's settings
 */
public record HostClaim(String namespace, String host, Origin origin) {
    @Override
    public String toString() {
        String where = origin.toString();
        return "\"" + host + "\" of namespace " + namespace + (where.isEmpty() ? "" : " (" + where + ")");
    }
}

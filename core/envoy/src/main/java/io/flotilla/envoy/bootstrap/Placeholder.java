package io.flotilla.envoy.bootstrap;

import java.util.Arrays;

/**
 * What only the pod itself knows, as it stands in a bootstrap that many pods share; the pod's init container puts the
 * values in. A value consists of letters, digits and {@code . : _ / -} only, so that it needs no escape in JSON.
 */
public enum Placeholder {
    /** The pod's name. */
    POD_NAME,
    /** The pod's namespace. */
    POD_NAMESPACE,
    /** The pod's first address. */
    POD_IP,
    /** Every address of the pod: "0.0.0.0", or "::" where one of them is of IPv6. */
    ANY_IP,
    /** Where the application listens: the pod's address, unless interception is NONE and both share a host. */
    APP_IP,
    /** The pod's unique id. */
    POD_UID,
    /** First part of the locality, may be empty. */
    REGION,
    /** Second part of the locality, may be empty. */
    ZONE,
    /** Third part of the locality, may be empty. */
    SUBZONE;

    /** How it is written in the bootstrap: "@POD_IP@". */
    public String text() {
        return "@" + name() + "@";
    }

    static boolean isIn(String text) {
        return Arrays.stream(values()).anyMatch(placeholder -> text.contains(placeholder.text()));
    }
}

package io.flotilla.mesh.isolation;

import java.util.List;

/** What a container may do in its pod. */
public enum Rights {
    /** Sets the pod's network up: the root of its namespaces. */
    NETWORK_ADMIN,
    /** A proxy: a user of its own, or, where there is only one user, the right to mark its sockets. */
    PROXY,
    /** An application: nothing, so that it cannot go around the capture. */
    APPLICATION;

    /**
     * Goes before a command.
     *
     * @param user to run as where that can be chosen; 0 for the mesh's owner
     */
    public List<String> limit(Isolation isolation, int user) {
        return switch (this) {
            case NETWORK_ADMIN -> List.of();
            case PROXY ->
                switch (isolation) {
                    case ROOT -> user > 0 ? as(user) : none();
                    case USER ->
                        List.of(
                                "setpriv",
                                "--no-new-privs",
                                "--bounding-set=-all,+net_admin",
                                "--inh-caps=-all",
                                "--ambient-caps=-all",
                                "--");
                    case NONE -> List.of();
                };
            case APPLICATION -> isolation.namespaces() ? none() : List.of();
        };
    }

    private static List<String> none() {
        return List.of(
                "setpriv", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--");
    }

    private static List<String> as(int user) {
        return List.of(
                "setpriv",
                "--reuid=" + user,
                "--regid=" + user,
                "--clear-groups",
                "--no-new-privs",
                "--bounding-set=-all",
                "--inh-caps=-all",
                "--ambient-caps=-all",
                "--");
    }
}

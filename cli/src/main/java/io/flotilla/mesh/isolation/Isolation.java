package io.flotilla.mesh.isolation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** How the mesh and its pods are kept apart from the host and from each other. */
public enum Isolation {
    /** Network and mount namespaces, made with the rights of root. */
    @JsonProperty("root")
    ROOT,
    /** The same inside of a user namespace, for ordinary users. */
    @JsonProperty("user")
    USER,
    /** None: pods have loopback addresses of their own and no capture. */
    @JsonProperty("none")
    NONE;

    /** Goes before a command that shall run in a new outer namespace. */
    public List<String> enter() {
        return switch (this) {
            case ROOT -> List.of("unshare", "--net", "--mount", "--propagation", "private", "--");
            case USER ->
                List.of("unshare", "--user", "--map-root-user", "--net", "--mount", "--propagation", "private", "--");
            case NONE -> List.of();
        };
    }

    public boolean namespaces() {
        return this != NONE;
    }

    /** Enters the namespaces of a running process from the host. */
    public List<String> join(long pid) {
        String target = Long.toString(pid);
        return switch (this) {
            case ROOT -> List.of("nsenter", "--target", target, "--net", "--mount", "--wdns=/", "--");
            case USER ->
                List.of(
                        "nsenter",
                        "--target",
                        target,
                        "--user",
                        "--preserve-credentials",
                        "--net",
                        "--mount",
                        "--wdns=/",
                        "--");
            case NONE -> List.of();
        };
    }
}

package io.flotilla.injection;

import io.flotilla.envoy.bootstrap.InterceptionMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rights of the injected containers: as few as capture allows. */
final class SecurityContexts {
    private static final long PROXY_USER = 1337;

    private SecurityContexts() {}

    /** Root with the rights to change the pod's NAT rules; an ordinary user where there is no capture. */
    static Map<String, Object> init(Capture capture) {
        if (capture.mode() == InterceptionMode.NONE) {
            return unprivileged(PROXY_USER);
        }
        return context(0, List.of("NET_ADMIN", "NET_RAW"));
    }

    /** The user that capture leaves alone; with marks, root of the user namespace, which may set them. */
    static Map<String, Object> proxy(Capture capture) {
        return switch (capture.ownTraffic()) {
            case OwnTraffic.UserId user -> unprivileged(user.id());
            case OwnTraffic.Mark _ when capture.mode() == InterceptionMode.NONE -> unprivileged(PROXY_USER);
            case OwnTraffic.Mark _ -> context(0, List.of("NET_ADMIN"));
        };
    }

    private static Map<String, Object> unprivileged(long user) {
        return context(user, List.of());
    }

    private static Map<String, Object> context(long user, List<String> capabilities) {
        Map<String, Object> allowed = new LinkedHashMap<>(Tree.of("drop", List.of("ALL")));
        if (!capabilities.isEmpty()) {
            allowed.put("add", capabilities);
        }
        return Tree.of(
                "allowPrivilegeEscalation",
                false,
                "capabilities",
                allowed,
                "privileged",
                false,
                "readOnlyRootFilesystem",
                true,
                "runAsGroup",
                user,
                "runAsNonRoot",
                user != 0,
                "runAsUser",
                user);
    }
}

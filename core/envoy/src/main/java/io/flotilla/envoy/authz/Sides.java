package io.flotilla.envoy.authz;

import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import java.util.List;

/** "And", "or" and "not" of the two sides of Envoy's policies; one member alone stands for itself. */
final class Sides {
    private Sides() {}

    static Principal andOf(List<Principal> all) {
        return all.isEmpty()
                ? Principal.newBuilder().setAny(true).build()
                : all.size() == 1
                        ? all.getFirst()
                        : Principal.newBuilder()
                                .setAndIds(Principal.Set.newBuilder().addAllIds(all))
                                .build();
    }

    static Principal orOf(List<Principal> any) {
        return any.size() == 1
                ? any.getFirst()
                : Principal.newBuilder()
                        .setOrIds(Principal.Set.newBuilder().addAllIds(any))
                        .build();
    }

    static Principal not(Principal principal) {
        return Principal.newBuilder().setNotId(principal).build();
    }

    static Principal nobody() {
        return not(Principal.newBuilder().setAny(true).build());
    }

    static Permission all(List<Permission> all) {
        return all.isEmpty()
                ? Permission.newBuilder().setAny(true).build()
                : all.size() == 1
                        ? all.getFirst()
                        : Permission.newBuilder()
                                .setAndRules(Permission.Set.newBuilder().addAllRules(all))
                                .build();
    }

    static Permission any(List<Permission> any) {
        return any.size() == 1
                ? any.getFirst()
                : Permission.newBuilder()
                        .setOrRules(Permission.Set.newBuilder().addAllRules(any))
                        .build();
    }

    static Permission not(Permission permission) {
        return Permission.newBuilder().setNotRule(permission).build();
    }
}

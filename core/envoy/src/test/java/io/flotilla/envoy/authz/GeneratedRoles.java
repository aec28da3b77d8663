package io.flotilla.envoy.authz;

import io.flotilla.api.rbac.v1alpha1.AccessRule;
import io.flotilla.api.rbac.v1alpha1.AccessRule.Constraint;
import io.flotilla.api.rbac.v1alpha1.EnforcementMode;
import io.flotilla.api.rbac.v1alpha1.RbacConfig;
import io.flotilla.api.rbac.v1alpha1.RoleRef;
import io.flotilla.api.rbac.v1alpha1.ServiceRole;
import io.flotilla.api.rbac.v1alpha1.ServiceRoleBinding;
import io.flotilla.api.rbac.v1alpha1.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Roles and bindings of 1.1 at random. */
final class GeneratedRoles {
    private static final List<String> SERVICES = List.of(
            "*",
            "*",
            PolicySet.Classic.HOST,
            "cart.*",
            "*.foo.svc.cluster.local",
            "*.bar.svc.cluster.local",
            "cart.foo.svc.cluster");
    private static final List<String> PATHS = List.of("/admin", "/admin*", "*.txt", "*", "/a.b", "/a*", "/");
    private static final List<String> METHODS = List.of("GET", "POST", "*", "P*");
    private static final List<String> USERS = List.of(
            "*", "cluster.local/ns/foo/sa/client", "cluster.local/ns/foo/sa/a.b", "cluster.local/ns/foo/*", "*/sa/ns");
    private static final Map<String, List<String>> PROPERTIES = Map.of(
            "source.namespace", List.of("foo", "foo*", "ns", "*"),
            "source.ip", List.of("127.0.0.0/8", "10.0.0.0/8"),
            "source.principal", List.of("cluster.local/ns/foo/sa/client", "*"),
            "request.auth.principal", List.of("https://a.example.com/jane", "*/jane", "*", "cluster.local/ns/foo/*"),
            "request.auth.claims[groups]", List.of("staff", "*"),
            "request.auth.presenter", List.of("app"),
            "request.headers[x-a]", List.of("one", "o*", "*"));

    private final Random random;
    private final Chance chance;

    GeneratedRoles(Random random) {
        this.random = random;
        this.chance = new Chance(random);
    }

    PolicySet set() {
        Map<String, ServiceRole> roles = new TreeMap<>();
        List<ServiceRoleBinding> bindings = new ArrayList<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            ServiceRole.Builder role = ServiceRole.newBuilder();
            for (int k = random.nextInt(1, 3); k > 0; k--) {
                role.addRules(rule());
            }
            roles.put("r" + i, role.build());
        }
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            bindings.add(binding());
        }
        return new PolicySet.Classic(config(), roles, bindings, random.nextInt(3) == 0);
    }

    private RbacConfig config() {
        RbacConfig.Target target = RbacConfig.Target.newBuilder()
                .addServices(chance.one(List.of(PolicySet.Classic.HOST, "other.foo.svc.cluster.local")))
                .addNamespaces(chance.one(List.of("foo", "bar", "bar")))
                .build();
        RbacConfig.Builder config = RbacConfig.newBuilder();
        switch (random.nextInt(12)) {
            case 0 -> config.setMode(RbacConfig.Mode.OFF);
            case 1 -> config.setMode(RbacConfig.Mode.ON_WITH_EXCLUSION).setExclusion(target);
            case 2, 3 -> config.setMode(RbacConfig.Mode.ON_WITH_INCLUSION).setInclusion(target);
            case 4 -> config.setMode(RbacConfig.Mode.ON).setEnforcementMode(EnforcementMode.PERMISSIVE);
            default -> config.setMode(RbacConfig.Mode.ON);
        }
        return config.build();
    }

    private AccessRule rule() {
        AccessRule.Builder rule = AccessRule.newBuilder().addServices(chance.one(SERVICES));
        if (random.nextInt(3) > 0) {
            rule.addMethods(chance.one(METHODS));
        }
        if (random.nextBoolean()) {
            rule.addPaths(chance.one(PATHS)).addPaths(chance.one(PATHS));
        }
        switch (random.nextInt(6)) {
            case 0 -> rule.addConstraints(constraint("destination.labels[version]", List.of("v1", "v2")));
            case 1 -> rule.addConstraints(constraint("request.headers[x-a]", List.of("one", "two", "*")));
            case 2 -> rule.addConstraints(constraint("destination.namespace", List.of("foo", "f*", "bar")));
            default -> {}
        }
        return rule.build();
    }

    private Constraint constraint(String key, List<String> values) {
        return Constraint.newBuilder().setKey(key).addValues(chance.one(values)).build();
    }

    private ServiceRoleBinding binding() {
        ServiceRoleBinding.Builder binding = ServiceRoleBinding.newBuilder()
                .setRoleRef(RoleRef.newBuilder().setKind("ServiceRole").setName("r" + random.nextInt(1, 4)));
        for (int i = random.nextInt(1, 3); i > 0; i--) {
            binding.addSubjects(subject());
        }
        if (random.nextInt(6) == 0) {
            binding.setMode(EnforcementMode.PERMISSIVE);
        }
        return binding.build();
    }

    private Subject subject() {
        Subject.Builder subject = Subject.newBuilder();
        if (random.nextBoolean()) {
            subject.setUser(chance.one(USERS));
        }
        if (random.nextInt(6) == 0) {
            subject.setGroup("staff");
        }
        if (random.nextBoolean()
                || (subject.getUser().isEmpty() && subject.getGroup().isEmpty())) {
            String key = chance.one(List.copyOf(new TreeMap<>(PROPERTIES).keySet()));
            subject.putProperties(key, chance.one(PROPERTIES.getOrDefault(key, List.of())));
        }
        return subject.build();
    }
}

package io.flotilla.mesh.pod;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What to start and what to end so that the pods that run become those that are wanted. A changed template replaces
 * pods one by one, the new one first: at no time are fewer ready than wanted. A pod's ordinal is the lowest that is
 * free when it starts, so a replaced "NAME-0" is followed by "NAME-1", and that by "NAME-0".
 */
public final class Rollout {
    private Rollout() {}

    /**
     * A controller's wish.
     *
     * @param controller "NAMESPACE/NAME"
     * @param replicas   0 or more
     * @param template   a hash: pods of another are replaced
     */
    public record Wanted(String controller, int replicas, String template) {}

    /**
     * A pod that is there.
     *
     * @param controller  "NAMESPACE/NAME"
     * @param terminating its end has begun
     */
    public record Instance(String controller, int ordinal, String template, boolean ready, boolean terminating) {}

    /** One step. */
    public sealed interface Step {
        String controller();

        int ordinal();

        record Start(String controller, int ordinal) implements Step {}

        record End(String controller, int ordinal) implements Step {}
    }

    /** Steps that can be done now; asked again after each change of a pod's state. */
    public static List<Step> plan(List<Wanted> wanted, List<Instance> instances) {
        Map<String, List<Instance>> byController = instances.stream()
                .collect(Collectors.groupingBy(Instance::controller, HashMap::new, Collectors.toList()));
        List<Step> steps = new ArrayList<>();
        for (Wanted each : wanted) {
            List<Instance> own = byController.remove(each.controller());
            steps.addAll(plan(each, own == null ? List.of() : own));
        }
        byController
                .values()
                .forEach(orphans -> orphans.stream()
                        .filter(pod -> !pod.terminating())
                        .forEach(pod -> steps.add(new Step.End(pod.controller(), pod.ordinal()))));
        steps.sort(Comparator.comparing(Step::controller).thenComparing(Step::ordinal));
        return steps;
    }

    private static List<Step> plan(Wanted wanted, List<Instance> instances) {
        List<Instance> alive =
                instances.stream().filter(pod -> !pod.terminating()).toList();
        List<Instance> current = alive.stream()
                .filter(pod -> pod.template().equals(wanted.template()))
                .toList();
        List<Instance> old = alive.stream()
                .filter(pod -> !pod.template().equals(wanted.template()))
                .sorted(Comparator.comparing(Instance::ready).thenComparing(Instance::ordinal))
                .toList();
        List<Step> steps = new ArrayList<>();
        if (current.size() > wanted.replicas()) {
            current.stream()
                    .sorted(Comparator.comparing(Instance::ordinal).reversed())
                    .limit((long) current.size() - wanted.replicas())
                    .forEach(pod -> steps.add(new Step.End(wanted.controller(), pod.ordinal())));
        }
        boolean settled = current.stream().allMatch(Instance::ready);
        if (settled) {
            int surplus = alive.size() - Math.max(wanted.replicas(), current.size());
            old.stream()
                    .limit(Math.max(0, surplus))
                    .forEach(pod -> steps.add(new Step.End(wanted.controller(), pod.ordinal())));
        }
        int missing = wanted.replicas() - current.size();
        // While old pods serve, one new pod at a time; each must be ready before the next.
        int starts = old.isEmpty() ? missing : settled && alive.size() <= wanted.replicas() ? Math.min(1, missing) : 0;
        Set<Integer> used = instances.stream().map(Instance::ordinal).collect(Collectors.toCollection(TreeSet::new));
        for (int ordinal = 0; starts > 0; ordinal++) {
            if (used.add(ordinal)) {
                steps.add(new Step.Start(wanted.controller(), ordinal));
                starts--;
            }
        }
        return steps;
    }
}

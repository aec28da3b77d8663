package io.flotilla.config.analysis.hygiene;

import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.Spelling;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Annotations of Istio on all objects. */
final class AnnotationChecks implements Check {
    private static final Entry MISPLACED = Entry.warning("FA0804", "an annotation is on the wrong kind of object", """
                    Istio's annotations are looked at on one kind of object only, and this one is on another, where
                    nobody reads it. Annotations for sidecars belong on pods, which means spec.template.metadata of a
                    Deployment, not its own metadata. Move it.""")
            .istio("IST0107");
    private static final Entry UNKNOWN =
            Entry.warning("FA0805", "an annotation of Istio is not known", """
                    The name is of Istio's domain, but no annotation has it: most often it is misspelt, and the one that
                    was meant is not set. The message names the nearest that is known.""").istio("IST0108");
    private static final Entry INVALID = Entry.warning("FA0806", "the value of an annotation is not valid", """
                    The annotation is known, and its value has not the form that it must have, so it is passed over or
                    makes the pod fail. The message says the form.""")
            .istio("IST0125");
    private static final Entry DEPRECATED =
            Entry.info("FA0807", "an annotation is deprecated", """
                    The annotation still works, but something else has taken its place, and later versions may pass it
                    over. The message names what to write instead.""").istio("IST0135");
    private static final Entry PASSED_OVER = Entry.info("FA0808", "an annotation has no effect in this mesh", """
                    Istio knows the annotation; this mesh does not act on it, since it is experimental there or its
                    sidecars have no agent that would. Nothing depends on it here. Remove it if the objects are for this
                    mesh alone.""")
            .istio("IST0136");

    @Override
    public List<Entry> entries() {
        return List.of(MISPLACED, UNKNOWN, INVALID, DEPRECATED, PASSED_OVER);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Set<ObjectKey> repeated = mesh.workloads().all().stream()
                .filter(mesh::repeated)
                .map(each -> each.source().key())
                .collect(Collectors.toSet());
        for (Config<?> config : mesh.objects()) {
            if (repeated.contains(config.key())) {
                continue;
            }
            check(config, config.annotations(), Paths.ANNOTATIONS, where(config), findings);
        }
        for (WorkloadFact workload : mesh.workloads().all()) {
            if (workload.hasManifest() && !workload.source().key().kind().equals(Kind.POD)) {
                check(
                        workload.source(),
                        workload.annotations(),
                        workload.at().field("metadata").field("annotations"),
                        KnownAnnotation.Where.POD,
                        findings);
            }
        }
    }

    private static KnownAnnotation.Where where(Config<?> config) {
        return switch (config.key().kind().name()) {
            case "Pod" -> KnownAnnotation.Where.POD;
            case "Service" -> KnownAnnotation.Where.SERVICE;
            case "Namespace" -> KnownAnnotation.Where.NAMESPACE;
            case "Gateway" -> KnownAnnotation.Where.GATEWAY;
            case "Ingress" -> KnownAnnotation.Where.INGRESS;
            default -> KnownAnnotation.Where.ANY;
        };
    }

    private static void check(
            Config<?> config,
            Map<String, String> annotations,
            FieldPath at,
            KnownAnnotation.Where where,
            Findings findings) {
        annotations.forEach((name, value) -> {
            int slash = name.indexOf('/');
            boolean istio =
                    slash > 0 && (name.substring(0, slash).endsWith(".istio.io") || name.startsWith("istio.io/"));
            // What the control plane itself and installers write is theirs.
            if (istio && !name.startsWith("internal.") && !name.contains("operator.istio.io")) {
                FieldPath place = at.field(name);
                KnownAnnotation known = KnownAnnotation.find(name).orElse(null);
                if (known == null) {
                    unknown(config, name, place, findings);
                } else {
                    known(config, name, value, known, where, place, findings);
                }
            }
        });
    }

    private static void unknown(Config<?> config, String name, FieldPath at, Findings findings) {
        if (!name.startsWith("auth.istio.io/")) {
            findings.report(
                    UNKNOWN,
                    config,
                    at,
                    "unknown annotation \"" + name + "\"" + Spelling.suggestion(name, KnownAnnotation.names()));
        }
    }

    private static void known(
            Config<?> config,
            String name,
            String value,
            KnownAnnotation known,
            KnownAnnotation.Where where,
            FieldPath at,
            Findings findings) {
        boolean anywhere = known.where().contains(KnownAnnotation.Where.ANY);
        if (!anywhere && !known.where().contains(where)) {
            findings.report(
                    MISPLACED,
                    config,
                    at,
                    "\"" + name + "\" belongs on a "
                            + known.where().iterator().next().name().toLowerCase(Locale.ROOT) + ", not on a "
                            + config.key().kind().name());
            return;
        }
        AnnotationValues.problem(known.value(), value)
                .ifPresent(problem -> findings.report(INVALID, config, at, "\"" + value + "\" " + problem));
        if (!known.instead().isEmpty()) {
            findings.report(DEPRECATED, config, at, "\"" + name + "\" is deprecated; write " + known.instead());
        }
        if (known.state() == KnownAnnotation.State.PASSED_OVER) {
            findings.report(PASSED_OVER, config, at, "\"" + name + "\" has no effect in this mesh");
        }
    }
}

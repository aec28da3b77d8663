package io.flotilla.cli;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.MeshSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The workloads of a mesh by the names that people give them. */
record Workloads(MeshSource.Read mesh) {
    private static final Set<Kind> KINDS = Set.of(Kind.POD, Kind.WORKLOAD_ENTRY);

    /**
     * A name as people write it.
     *
     * @param namespace as given, else the default
     */
    record Name(String namespace, String name) {
        /** "NAME", "NAMESPACE/NAME" or "NAME.NAMESPACE"; "pod/NAME" and "deploy/NAME" name what is in the default. */
        static Name parse(String text, String namespace) {
            int slash = text.indexOf('/');
            int dot = text.lastIndexOf('.');
            if (slash >= 0) {
                String first = text.substring(0, slash);
                return Set.of("pod", "pods", "deploy", "deployment", "sa", "serviceaccount", "svc", "service")
                                .contains(first)
                        ? parse(text.substring(slash + 1), namespace)
                        : new Name(first, text.substring(slash + 1));
            }
            return dot > 0 ? new Name(text.substring(dot + 1), text.substring(0, dot)) : new Name(namespace, text);
        }

        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }

    /** A pod's name, or the beginning of it as its Deployment gives it. */
    Optional<Workload> find(Name name) {
        List<Workload> all = in(name.namespace());
        return Stream.concat(
                        all.stream().filter(each -> each.getName().equals(name.name())),
                        all.stream().filter(each -> each.getName().startsWith(name.name() + "-")))
                .findFirst();
    }

    /** Those of a namespace. */
    List<Workload> in(String namespace) {
        return mesh.folder().expanded().stream()
                .filter(object -> KINDS.contains(object.key().kind())
                        && object.namespace().equals(namespace))
                .flatMap(object -> mesh.snapshot().workload(namespace, object.name()).stream())
                .distinct()
                .toList();
    }

    /** The same, or an end of the command that tells what there is. */
    Workload get(String option, Name name) {
        return get(option, name, "pod");
    }

    /** The same, where the name may be that of something else too. */
    Workload get(String option, Name name, String what) {
        return find(name)
                .orElseThrow(() -> CommandFailure.couldNotRun(option + " " + name.name() + ": no such " + what
                        + " in namespace " + name.namespace() + "; there are " + names(in(name.namespace()))));
    }

    private static String names(List<Workload> workloads) {
        return workloads.isEmpty()
                ? "none"
                : String.join(", ", workloads.stream().map(Workload::getName).toList());
    }

    /** What policies see of it. */
    static Guarded guarded(Workload workload) {
        return new Guarded(workload.getNamespace(), workload.getServiceAccount(), workload.getLabelsMap());
    }

    static String address(Workload workload) {
        return workload.getAddressesCount() == 0 ? "" : workload.getAddresses(0);
    }

    /** The identity that Citadel gives to a service account. */
    static String identity(MeshSnapshot mesh, String namespace, String account) {
        return "spiffe://" + mesh.settings().trustDomain() + "/ns/" + namespace + "/sa/"
                + (account.isEmpty() ? "default" : account);
    }
}

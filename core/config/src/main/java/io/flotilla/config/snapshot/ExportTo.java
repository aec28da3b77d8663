package io.flotilla.config.snapshot;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Which namespaces see an object. */
final class ExportTo {
    static final String ALL = "*";

    private ExportTo() {}

    /** With "." replaced by the object's namespace, and the mesh's default where nothing is said; never empty. */
    static List<String> resolve(Collection<String> given, String namespace, Collection<String> meshDefault) {
        Collection<String> said = given.isEmpty() ? meshDefault : given;
        TreeSet<String> resolved = new TreeSet<>();
        said.forEach(each -> resolved.add(each.equals(".") ? namespace : each));
        return resolved.isEmpty() || resolved.contains(ALL) ? List.of(ALL) : List.copyOf(resolved);
    }

    static boolean sees(Collection<String> exportTo, String namespace) {
        return exportTo.contains(ALL) || exportTo.contains(namespace);
    }
}

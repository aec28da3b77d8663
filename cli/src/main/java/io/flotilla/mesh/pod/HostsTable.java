package io.flotilla.mesh.pod;

import java.util.Map;
import java.util.SortedMap;

/** The hosts file of a namespace's pods: every service by all names that Kubernetes' DNS gives it there. */
public final class HostsTable {
    private static final String SUFFIX = "cluster.local";

    private HostsTable() {}

    /**
     * The file's text.
     *
     * @param services "NAMESPACE/NAME" to address
     */
    public static String of(String namespace, SortedMap<String, String> services) {
        StringBuilder table = new StringBuilder("127.0.0.1 localhost\n::1 localhost\n");
        for (Map.Entry<String, String> service : services.entrySet()) {
            int slash = service.getKey().indexOf('/');
            String owner = service.getKey().substring(0, slash);
            String name = service.getKey().substring(slash + 1);
            String inNamespace = name + "." + owner;
            table.append(service.getValue()).append(' ');
            if (owner.equals(namespace)) {
                table.append(name).append(' ');
            }
            table.append(inNamespace).append(' ');
            table.append(inNamespace).append(".svc ");
            table.append(inNamespace).append(".svc.").append(SUFFIX).append('\n');
        }
        return table.toString();
    }
}

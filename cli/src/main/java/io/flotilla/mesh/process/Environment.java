package io.flotilla.mesh.process;

import io.flotilla.mesh.state.StateFolder;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What processes of a mesh have in their environment: little, and none of the caller's proxies and secrets. */
public final class Environment {
    private static final Set<String> KEPT = Set.of("HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ");

    /** Variables of the command itself, which mean something else to services. */
    private static final Set<String> OWN =
            Set.of("FLOTILLA_NAME", "FLOTILLA_ENVOY", "FLOTILLA_NO_BUILD", "FLOTILLA_DEBUG", Marked.VARIABLE);

    private Environment() {}

    /** The base of every child's environment. */
    public static Map<String, String> of(StateFolder state, Map<String, String> caller, Map<String, String> more) {
        Map<String, String> environment = new TreeMap<>();
        KEPT.forEach(name -> {
            String value = caller.get(name);
            if (value != null) {
                environment.put(name, value);
            }
        });
        environment.put("PATH", Tool.searchPath());
        environment.put("XTABLES_LOCKFILE", state.root().resolve("xtables.lock").toString());
        environment.put(Marked.VARIABLE, state.root().toString());
        environment.putAll(more);
        return environment;
    }

    /** The caller's FLOTILLA_... variables that are settings of services. */
    public static Map<String, String> settings(Map<String, String> caller) {
        Map<String, String> settings = new TreeMap<>();
        caller.forEach((name, value) -> {
            if (name.startsWith("FLOTILLA_") && !OWN.contains(name)) {
                settings.put(name, value);
            }
        });
        return settings;
    }
}

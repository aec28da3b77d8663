package io.flotilla.fuzz;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The targets by name. */
public final class Targets {
    private Targets() {}

    /**
     * One target.
     *
     * @param type  the class that the fuzzer calls
     * @param call  the same, without a fuzzer
     * @param seeds folders of files to begin with, from the root of the checkout
     */
    public record Target(Class<?> type, Consumer<byte[]> call, String... seeds) {}

    public static Map<String, Target> all() {
        Map<String, Target> targets = new LinkedHashMap<>();
        targets.put(
                "config",
                new Target(
                        ConfigTarget.class,
                        ConfigTarget::fuzzerTestOneInput,
                        "core/config/src/test/resources",
                        "samples"));
        targets.put("csr", new Target(CsrTarget.class, CsrTarget::fuzzerTestOneInput, "fuzz/seeds/csr"));
        targets.put("pem", new Target(PemTarget.class, PemTarget::fuzzerTestOneInput, "fuzz/seeds/pem"));
        targets.put("token", new Target(TokenTarget.class, TokenTarget::fuzzerTestOneInput, "fuzz/seeds/token"));
        return targets;
    }
}

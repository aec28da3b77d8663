package io.flotilla.fuzz;

import java.util.LinkedHashMap;
import java.util.List;
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
    public record Target(Class<?> type, Consumer<byte[]> call, List<String> seeds) {
        public Target {
            seeds = List.copyOf(seeds);
        }
    }

    public static Map<String, Target> all() {
        Map<String, Target> targets = new LinkedHashMap<>();
        targets.put(
                "config",
                new Target(
                        ConfigTarget.class,
                        ConfigTarget::fuzzerTestOneInput,
                        List.of("core/config/src/test/resources", "samples")));
        targets.put("csr", new Target(CsrTarget.class, CsrTarget::fuzzerTestOneInput, List.of("fuzz/seeds/csr")));
        targets.put("pem", new Target(PemTarget.class, PemTarget::fuzzerTestOneInput, List.of("fuzz/seeds/pem")));
        targets.put(
                "token", new Target(TokenTarget.class, TokenTarget::fuzzerTestOneInput, List.of("fuzz/seeds/token")));
        return targets;
    }
}

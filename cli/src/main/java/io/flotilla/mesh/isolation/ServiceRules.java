package io.flotilla.mesh.isolation;

import io.flotilla.mesh.process.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * Plays kube-proxy: translates addresses of services to those of their pods, for callers without a sidecar. The rules
 * are in the outer namespace; the host's are not touched.
 */
public final class ServiceRules {
    private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");
    private static final String CHAIN = "FLOTILLA-SERVICES";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private String written = "";
    private boolean hooked;

    /** Whether pods' packets pass through this namespace's routing, without which there is no translation. */
    static boolean routed() {
        try {
            return Files.readString(FORWARDING).strip().equals("1");
        } catch (IOException e) {
            return false;
        }
    }

    /** Puts the rules in force; asks for nothing where they are so already. */
    public void apply(SortedMap<String, List<String>> services, Map<String, String> environment) {
        String rules = text(services);
        if (rules.equals(written) || !routed()) {
            return;
        }
        Output output = Output.of(
                List.of("iptables-restore", "--noflush"), environment, hooked ? rules : hook() + rules, LIMIT);
        hooked |= output.ok();
        written = rules;
        if (!output.ok()) {
            System.err.println("addresses of services: " + output.err().strip());
        }
    }

    private static String hook() {
        return "*nat\n:" + CHAIN + " - [0:0]\n-A PREROUTING -j " + CHAIN + "\nCOMMIT\n";
    }

    /**
     * Input of iptables-restore.
     *
     * @param services "ADDRESS:PORT" of services to "ADDRESS:PORT" of those who are ready to serve
     */
    static String text(SortedMap<String, List<String>> services) {
        StringBuilder text = new StringBuilder("*nat\n:" + CHAIN + " - [0:0]\n");
        services.forEach((service, endpoints) -> {
            int colon = service.lastIndexOf(':');
            String match = "-A " + CHAIN + " -d " + service.substring(0, colon) + "/32 -p tcp --dport "
                    + service.substring(colon + 1);
            for (int i = 0; i < endpoints.size(); i++) {
                int left = endpoints.size() - i;
                String chance = left == 1
                        ? ""
                        : String.format(Locale.ROOT, " -m statistic --mode random --probability %.8f", 1.0 / left);
                text.append(match)
                        .append(chance)
                        .append(" -j DNAT --to-destination ")
                        .append(endpoints.get(i))
                        .append('\n');
            }
        });
        return text.append("COMMIT\n").toString();
    }
}

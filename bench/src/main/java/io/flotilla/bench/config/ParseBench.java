package io.flotilla.bench.config;

import com.sun.management.ThreadMXBean;
import io.flotilla.config.model.Config;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedFile;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.schema.Problems;
import io.flotilla.config.validate.Validators;
import io.flotilla.config.yaml.YamlNode;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads VirtualServices of 2 KB, each a document of its own, and judges them once more as they are parsed; says the
 * processor time and the bytes of the thread for each. Arguments: objects (10000), rounds (6), the last of which
 * counts.
 */
public final class ParseBench {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int SIZE = 2_048;
    private static final double NANOS = 1e9;
    private static final double MIB = 1 << 20;

    private ParseBench() {}

    public static void main(String[] args) {
        int objects = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 6;
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < objects; i++) {
            texts.add(virtualService(i));
        }
        long characters = texts.stream().mapToLong(String::length).sum();
        System.out.println(objects + " VirtualServices of " + characters / objects + " characters");
        List<Config<?>> parsed = List.of();
        for (int round = 0; round < rounds; round++) {
            Cost start = Cost.now();
            parsed = parse(texts);
            print("parse and validate", start);
            start = Cost.now();
            validate(parsed);
            print("validate", start);
        }
        System.out.println(parsed.size() + " objects");
    }

    private record Cost(long nanos, long bytes) {
        static Cost now() {
            return new Cost(THREADS.getCurrentThreadCpuTime(), THREADS.getCurrentThreadAllocatedBytes());
        }
    }

    private static void print(String what, Cost start) {
        Cost end = Cost.now();
        System.out.printf(
                "%-20s %6.2f s of CPU %8.0f MiB%n",
                what, (end.nanos() - start.nanos()) / NANOS, (end.bytes() - start.bytes()) / MIB);
    }

    private static List<Config<?>> parse(List<String> texts) {
        ObjectReader reader = new ObjectReader(ReadOptions.DEFAULT);
        List<Config<?>> parsed = new ArrayList<>(texts.size());
        for (String text : texts) {
            ParsedFile file = reader.read("v.yaml", text);
            if (!file.allProblems().isEmpty()) {
                throw new IllegalStateException(file.allProblems().toString());
            }
            parsed.add(file.objects().getFirst().config());
        }
        return parsed;
    }

    private static void validate(List<Config<?>> parsed) {
        YamlNode nowhere = new YamlNode.Mapping(Map.of(), 1);
        for (Config<?> config : parsed) {
            Problems problems = new Problems("v.yaml", "VirtualService", nowhere);
            Validators.validate(config, false, problems);
            if (!problems.found().isEmpty()) {
                throw new IllegalStateException(problems.found().toString());
            }
        }
    }

    /** Routes by path, header and expression, with shares, retries and headers, until the size is reached. */
    private static String virtualService(int number) {
        StringBuilder text = new StringBuilder("apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n");
        text.append("  name: service-")
                .append(number)
                .append("\n  namespace: team-")
                .append(number % 100);
        text.append("\n  labels: {app: service-").append(number).append("}\nspec:\n  hosts:\n  - service-");
        text.append(number).append("\n  - service-").append(number).append(".example.com\n  http:\n");
        for (int route = 0; text.length() < SIZE - 250; route++) {
            text.append("  - name: route-").append(route).append("\n    match:\n    - uri:\n        prefix: /api/v");
            text.append(route).append("\n      headers:\n        x-user:\n          regex: \"^(a|b)[0-9]+$\"\n");
            text.append("    timeout: 5s\n    retries:\n      attempts: 3\n      perTryTimeout: 2s\n");
            text.append("      retryOn: 5xx,reset\n    route:\n");
            for (int share = 0; share < 2; share++) {
                text.append("    - destination:\n        host: service-")
                        .append(number)
                        .append("\n        subset: v");
                text.append(share)
                        .append("\n      weight: ")
                        .append(share == 0 ? 80 : 20)
                        .append('\n');
            }
        }
        return text.append("  - route:\n    - destination:\n        host: service-")
                .append(number)
                .append('\n')
                .toString();
    }
}

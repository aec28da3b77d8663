package io.flotilla.citadel.audit;

import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** Formats the broker's folder if it is new, then runs the broker: one process instead of two. */
public final class BrokerMain {
    private BrokerMain() {}

    /** Arguments: the properties file, and a file that is there once the folder is formatted. */
    public static void main(String[] args) throws Exception {
        Path formatted = Path.of(args[1]);
        if (!Files.exists(formatted)) {
            int result = StorageTool.execute(
                    new String[] {"format", "-t", "AAAAAAAAAAAAAAAAAAAAAA", "-c", args[0]}, System.out);
            if (result != 0) {
                System.exit(result);
            }
            Files.createFile(formatted);
        }
        Kafka.main(new String[] {args[0]});
    }
}

package io.flotilla.mesh.component;

import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** The broker's process: it formats its storage on the first start. */
public final class KafkaProcess {
    private static final String CLUSTER = "ZmxvdGlsbGEtbG9jYWwtMQ";

    private KafkaProcess() {}

    /** Its argument: the folder with the settings, in which the storage lies too. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        String settings = KafkaBroker.settings(folder).toString();
        if (!Files.exists(KafkaBroker.storage(folder).resolve("meta.properties"))) {
            int result = StorageTool.execute(new String[] {"format", "-t", CLUSTER, "-c", settings}, System.out);
            if (result != 0) {
                System.exit(result);
            }
        }
        Kafka.main(new String[] {settings});
    }
}

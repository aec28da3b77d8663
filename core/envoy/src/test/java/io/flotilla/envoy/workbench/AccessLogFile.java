package io.flotilla.envoy.workbench;

import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.flotilla.envoy.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** The file to which an Envoy of a test logs. */
record AccessLogFile(Path file) {
    /** The header that tells the requests of a test apart. */
    static final String CASE = "x-workbench-case";

    private static final String FORMAT = String.join(
                    "\t",
                    "%REQ(" + CASE + ")%",
                    "%UPSTREAM_CLUSTER_RAW%",
                    "%ROUTE_NAME%",
                    "%RESPONSE_FLAGS%",
                    "%RESPONSE_CODE%",
                    "%RESPONSE_CODE_DETAILS%",
                    "%FILTER_CHAIN_NAME%",
                    "%UPSTREAM_HOST%",
                    "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
                    "%DOWNSTREAM_REMOTE_PORT%",
                    "%DYNAMIC_METADATA(envoy.filters.http.rbac)%")
            + "\n";
    private static final long LIMIT_NANOS = 60_000_000_000L;

    /** The log that a filter writes. */
    static AccessLog of(Path file) {
        return AccessLog.newBuilder()
                .setName("envoy.access_loggers.file")
                .setTypedConfig(Wire.any(FileAccessLog.newBuilder()
                        .setPath(file.toString())
                        .setLogFormat(SubstitutionFormatString.newBuilder()
                                .setTextFormatSource(DataSource.newBuilder().setInlineString(FORMAT)))
                        .build()))
                .build();
    }

    /** The last entry of that kind, as soon as there is one. */
    Logged last(Predicate<Logged> wanted) throws IOException {
        return after(0, wanted);
    }

    /** How many entries of that kind there are. */
    int count(Predicate<Logged> wanted) throws IOException {
        return (int) entries().stream().filter(wanted).count();
    }

    /** The last entry of that kind, as soon as there are more than so many. */
    Logged after(int earlier, Predicate<Logged> wanted) throws IOException {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (true) {
            List<Logged> found = entries().stream().filter(wanted).toList();
            if (found.size() > earlier) {
                return found.getLast();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("Envoy logged nothing of that kind, but " + entries());
            }
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }

    private List<Logged> entries() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(Logged::parse)
                .toList();
    }
}

package io.flotilla.mixer.proxy;

/**
 * An Envoy's own counters of its access log streams.
 *
 * @param written entries that it took into its buffers
 * @param dropped entries that it threw away because the buffers were full
 */
record LogCounters(long written, long dropped) {
    private static final String WRITTEN = "envoy_access_logs_grpc_access_log_logs_written";
    private static final String DROPPED = "envoy_access_logs_grpc_access_log_logs_dropped";

    static final LogCounters NONE = new LogCounters(0, 0);

    /** Reads them from Prometheus' text format; absent ones are zero. */
    static LogCounters parse(String exposition) {
        long written = 0;
        long dropped = 0;
        for (String line : exposition.split("\n", -1)) {
            if (line.startsWith(WRITTEN)) {
                written += value(line);
            } else if (line.startsWith(DROPPED)) {
                dropped += value(line);
            }
        }
        return new LogCounters(written, dropped);
    }

    private static long value(String line) {
        try {
            return (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** What was added since an earlier reading; everything, if the counters began anew. */
    LogCounters since(LogCounters before) {
        return written < before.written || dropped < before.dropped
                ? this
                : new LogCounters(written - before.written, dropped - before.dropped);
    }

    LogCounters plus(LogCounters other) {
        return new LogCounters(written + other.written, dropped + other.dropped);
    }
}

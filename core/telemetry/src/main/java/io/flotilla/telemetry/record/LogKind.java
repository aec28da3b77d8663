package io.flotilla.telemetry.record;

import java.util.Optional;

/** Which side of a call an access log tells of. */
public enum LogKind {
    INBOUND("flotilla.inbound"),
    OUTBOUND("flotilla.outbound"),
    GATEWAY("flotilla.gateway");

    private final String logName;

    LogKind(String logName) {
        this.logName = logName;
    }

    /** The name of the log in Envoy's configuration. */
    public String logName() {
        return logName;
    }

    /** Empty for the name of a log that is none of ours. */
    public static Optional<LogKind> of(String logName) {
        for (LogKind kind : values()) {
            if (kind.logName.equals(logName)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}

package io.flotilla.mesh.process;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a supervised process stands. */
public enum ProcessState {
    @JsonProperty("starting")
    STARTING,
    @JsonProperty("running")
    RUNNING,
    /** It ended and is started again after a while. */
    @JsonProperty("backoff")
    BACKOFF,
    @JsonProperty("stopped")
    STOPPED
}

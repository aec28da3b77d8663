package io.flotilla.config.snapshot;

/** What a server port accepts. */
public enum MtlsMode {
    DISABLE,
    PERMISSIVE,
    STRICT
}

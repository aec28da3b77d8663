package io.flotilla.config.snapshot;

/**
 * A port of a service.
 *
 * @param name     unique in the service, may be empty for a single port
 * @param number   what callers use, 1 to 65535
 * @param protocol resolved from appProtocol, name or the ServiceEntry
 */
public record ServicePort(String name, int number, Protocol protocol) {}
